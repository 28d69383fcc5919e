"use strict";
// Asks the questions and looks up what the program would say: no rule is evaluated here.
// Results stand in tables (see tables.py), each a diagram over the questions that it hangs on.
(async () => {
  const book = JSON.parse(document.getElementById("questions").textContent);
  const questions = book.questions;
  const at = Object.fromEntries(questions.map((one, axis) => [one.id, axis]));
  const main = document.getElementById("main");
  const UNKNOWN = "unknown";
  const REVIEW = "/review";
  const RESULT = "/result";
  const languages = Object.keys(book.texts);
  let lang = book.lang;

  // ---- words

  const phrase = (key, words = {}) =>
    book.phrases[lang][key].replace(/\{(\w+)\}/g, (mark, name) => words[name] ?? mark);
  const own = () => book.texts[lang];
  const text = (axis) => own().questions[axis];
  const sentences = (some) => some.filter(Boolean).join(own().space);
  const listing = (some) => some.join(phrase("list_separator") + own().space);

  function together(some) {
    const last = some[some.length - 1] ?? "";
    const others = listing(some.slice(0, -1));
    return others ? phrase("list_last", { first: others, second: last }) : last;
  }

  function answerText(axis, value) {
    if (value === UNKNOWN) return phrase("unknmineanswer");
    const { options, amount } = text(axis);
    if (value in options) return options[value][0];
    const digits = questions[axis].cents && value % 1 ? 2 : 0;
    const most = questions[axis].cents ? 2 : 15;
    const number = Number(value).toLocaleString("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: most,
    });
    return amount.replace("{amount}", () => number);
  }

  const answerLine = (axis, value) =>
    phrase("answer_is", { question: text(axis).short, answer: answerText(axis, value) });

  // ---- tables

  let tables;
  let data;
  const texts = {};

  async function inflated(packed) {
    const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).arrayBuffer();
  }

  const asData = async (packed) => JSON.parse(new TextDecoder().decode(await inflated(packed)));

  /** The tables by name. A node's children begin at `first`; an end has its value instead. */
  function unpacked({ names, shapes }, links) {
    const made = shapes.map(([runs, values]) => {
      const ends = Array.isArray(values) ? values.length : values;
      const size = runs.reduce((sum, [, count]) => sum + count, ends);
      const axes = new Int8Array(size).fill(-1);
      const first = new Int32Array(size);
      let node = ends;
      let link = 0;
      for (const [axis, count] of runs) {
        for (let n = 0; n < count; n += 1) {
          axes[node] = axis;
          first[node] = link;
          link += questions[axis].bands;
          node += 1;
        }
      }
      return { ends, size, axes, first, values, children: new Int32Array(link) };
    });
    const most = Math.max(...questions.map((one) => one.bands));
    let byte = 0;
    for (let column = 0; column < most; column += 1) {
      for (const { ends, size, axes, first, children } of made) {
        let before = false;
        for (let node = ends; node < size; node += 1) {
          const here = column < questions[axes[node]].bands;
          if (here) {
            let number = 0;
            let scale = 1;
            while (links[byte] > 127) {
              number += (links[byte] & 127) * scale;
              scale *= 128;
              byte += 1;
            }
            number += links[byte] * scale;
            byte += 1;
            const difference = number % 2 ? -(number + 1) / 2 : number / 2;
            const place = first[node] + column;
            let near = column ? children[place - 1] : 0;
            if (before) near = children[first[node - 1] + column];
            children[place] = near + difference;
          }
          before = here;
        }
      }
    }
    return Object.fromEntries(names.map((name, n) => [name, made[n]]));
  }

  const child = (table, node, band) => table.children[table.first[node] + band - 1];
  const told = (table, node) => (Array.isArray(table.values) ? table.values[node] : node);

  /** The value in a cell: of each question the band, 0 where it does not apply. */
  function find(name, cell) {
    const table = tables[name];
    let node = table.size - 1;
    while (node >= table.ends) {
      const band = cell[table.axes[node]];
      if (!band) return undefined;
      node = child(table, node, band);
    }
    return told(table, node);
  }

  // ---- a seller

  function bandOf(axis, value) {
    const { options, cuts } = questions[axis];
    if (options.length) return options.find(([name]) => name === value)[1];
    return 1 + cuts.filter((cut) => Number(value) >= cut).length;
  }

  const known = (given, axis) => {
    const value = given.get(questions[axis].id);
    return value !== undefined && value !== UNKNOWN;
  };

  /** The cell of some answers, every open question taken at its assumed answer; with `varied`, that
   * question in this band. */
  function situation(given, varied, varying) {
    const cell = [];
    const assumed = [];
    const used = [];
    questions.forEach((question, axis) => {
      let band = 0;
      if (find(`applies ${question.id}`, cell)) {
        if (axis === varied) band = varying;
        else if (known(given, axis)) band = bandOf(axis, given.get(question.id));
        else if (question.assumed) [, band] = question.assumed;
        if (!question.derived && band) {
          used.push(axis);
          if (!known(given, axis)) assumed.push(axis);
        }
      }
      cell.push(band);
    });
    return { cell, assumed, used };
  }

  /** The ways to answer what is `free` (by axis); every other question keeps its band. */
  class Ways {
    constructor(name, bands) {
      const table = tables[name];
      this.table = table;
      this.bands = bands;
      this.ways = new Float64Array(table.size);
      this.known = new Map();
      this.turns = new Map();
      this.ways[table.size - 1] = 1;
      for (let node = table.size - 1; node >= table.ends; node -= 1) {
        const count = this.ways[node];
        if (count) for (const one of this.following(node)) this.ways[one] += count;
      }
    }

    following(node) {
      const band = this.bands[this.table.axes[node]];
      if (band) return [child(this.table, node, band)];
      return this.every(node);
    }

    every(node) {
      const { first, children, axes } = this.table;
      return [...children.subarray(first[node], first[node] + questions[axes[node]].bands)];
    }

    /** The node at which the next free question is asked. */
    settled(node) {
      const { ends, axes } = this.table;
      let here = node;
      while (here >= ends && this.bands[axes[here]]) {
        here = child(this.table, here, this.bands[axes[here]]);
      }
      return here;
    }

    asked(node) {
      return [...new Set(this.every(node).map((one) => this.settled(one)))];
    }

    axis(node) {
      return node < this.table.ends ? Infinity : this.table.axes[node];
    }

    *on(axis) {
      const { ends, size, axes } = this.table;
      if (this.bands[axis]) return;
      for (let node = ends; node < size; node += 1) {
        if (axes[node] === axis && this.ways[node]) yield node;
      }
    }

    /** In how many ways another answer on this axis alone gives another value. */
    weight(axis) {
      let sum = 0;
      for (const node of this.on(axis)) {
        sum += this.ways[node] * questions[axis].bands * this.differing(this.asked(node));
      }
      return sum;
    }

    differing(nodes) {
      if (nodes.length === 1) return 0;
      const key = nodes.sort((one, other) => one - other).join();
      if (!this.known.has(key)) {
        const axis = Math.min(...nodes.map((one) => this.axis(one)));
        let sum = 1;
        if (axis < Infinity) {
          sum = 0;
          const asked = nodes.filter((one) => this.axis(one) === axis).map((n) => this.every(n));
          const others = nodes.filter((one) => this.axis(one) > axis);
          for (let band = 0; band < questions[axis].bands; band += 1) {
            const column = asked.map((children) => this.settled(children[band]));
            sum += this.differing([...new Set([...column, ...others])]);
          }
        }
        this.known.set(key, sum);
      }
      return this.known.get(key);
    }

    /** Whether this value could become another by another answer on this axis alone. */
    overturns(axis, value) {
      for (const node of this.on(axis)) {
        const some = this.asked(node);
        for (let one = 0; one < some.length; one += 1) {
          for (let other = 0; other < one; other += 1) {
            if (this.turned(value, some[one], some[other])) return true;
          }
        }
      }
      return false;
    }

    turned(value, one, other) {
      if (one === other) return false;
      const key = one < other ? `${one} ${other}` : `${other} ${one}`;
      if (!this.turns.has(key)) {
        const [first, second] = [one, other].sort((a, b) => this.axis(a) - this.axis(b));
        let turned;
        if (this.axis(first) === Infinity) {
          turned = told(this.table, one) === value || told(this.table, other) === value;
        } else {
          const same = this.axis(first) === this.axis(second);
          const others = same ? this.every(second) : [];
          turned = this.every(first).some((each, band) =>
            this.turned(value, this.settled(each), same ? this.settled(others[band]) : second),
          );
        }
        this.turns.set(key, turned);
      }
      return this.turns.get(key);
    }

    /** In how many ways the value is this one, and how many ways there are. */
    holding(value) {
      let holds = 0;
      let of = 0;
      for (let end = 0; end < this.table.ends; end += 1) {
        of += this.ways[end];
        if (told(this.table, end) === value) holds += this.ways[end];
      }
      return { holds, of };
    }
  }

  /** By axis the band that is held, 0 where any answer is tried; `fixed`: of "unknown" too. */
  const held = (given, fixed) =>
    questions.map((question, axis) => {
      if (known(given, axis)) return bandOf(axis, given.get(question.id));
      const stays = question.derived || (fixed && given.has(question.id));
      return stays && question.assumed ? question.assumed[1] : 0;
    });

  /** The core questions that are not answered and may apply, whatever the others say. */
  function missingCore(given) {
    const bands = held(given, false);
    const mayApply = (axis) => {
      const table = tables[`applies ${questions[axis].id}`];
      const some = [table.size - 1];
      const seen = new Set(some);
      while (some.length) {
        const node = some.pop();
        if (node < table.ends) {
          if (told(table, node)) return true;
          continue;
        }
        const on = table.axes[node];
        for (let band = 1; band <= questions[on].bands; band += 1) {
          const then = child(table, node, band);
          if ((!bands[on] || bands[on] === band) && !seen.has(then)) {
            seen.add(then);
            some.push(then);
          }
        }
      }
      return false;
    };
    return questions
      .map((question, axis) => (question.core && !given.has(question.id) ? axis : -1))
      .filter((axis) => axis >= 0 && mayApply(axis));
  }

  /** What is still worth asking, the next question first, and what need not be asked. */
  function agenda(given) {
    const core = missingCore(given);
    const { cell, assumed } = situation(given);
    const open = assumed.filter((axis) => {
      const { id, core: isCore } = questions[axis];
      return !given.has(id) && !isCore;
    });
    if (core.length) return { core, ask: [...core, ...open], skip: [] };
    const results = new Ways("results", held(given, true));
    const recommendations = new Ways("recommended", held(given, false));
    const recommended = find("recommended", cell);
    const weights = new Map();
    for (const axis of open) {
      const weight = results.weight(axis);
      if (weight || recommendations.overturns(axis, recommended)) weights.set(axis, weight);
    }
    const ask = [...weights.keys()].sort((one, other) => weights.get(other) - weights.get(one));
    return { core, ask, skip: open.filter((axis) => !weights.has(axis)) };
  }

  // ---- what is said of a seller

  const ids = (start) => Object.keys(tables).filter((name) => name.startsWith(`${start} `));

  function decided(given) {
    const { cell, assumed, used } = situation(given);
    const [recommended, aim, weak, close, ...shut] = find("standing", cell);
    const fit = ids("fit").map((name) => find(name, cell));
    const firing = (kind) =>
      ids(kind)
        .map((name, number) => (find(name, cell) ? number : -1))
        .filter((number) => number >= 0);
    const open = new Set(assumed);
    const pitfalls = ids("pitfall")
      .map((name, number) => [number, find(name, cell)])
      .filter(([number, how]) => {
        if (!how.length) return false;
        return !how[2] || data.pitfallAssumed[number].some((axis) => open.has(axis));
      })
      .map(([number, [severity, mine]]) => ({ number, severity, own: Boolean(mine) }))
      .sort((one, other) => one.severity - other.severity);
    const settling = find("settling", cell).filter((n) => open.has(data.steps[n].settles));
    const ways = new Ways("recommended", held(given, false));
    const unsettled = assumed
      .filter((axis) => ways.overturns(axis, recommended))
      .map((axis) => [axis, ways.weight(axis)])
      .sort((one, other) => other[1] - one[1])
      .map(([axis]) => axis);
    const order = fit
      .map((_, number) => number)
      .sort(
        (one, other) =>
          (one !== recommended) - (other !== recommended) ||
          shut[one] - shut[other] ||
          fit[other] - fit[one],
      );
    return {
      cell,
      assumed,
      used,
      recommended,
      aim,
      weak: Boolean(weak),
      close: Boolean(close),
      access: shut,
      fit,
      variants: find("variants", cell),
      gates: firing("gate"),
      rules: firing("rule"),
      pitfalls,
      settling,
      now: find("now", cell),
      unlock: find("unlock", cell),
      later: find("later", cell),
      unsettled,
      order,
      certainty: ways.holding(recommended),
      money: tables.money ? Boolean(find("money", cell)) : false,
    };
  }

  /** Why a question is asked: what some answers bring about and others do not. */
  function effects(given, axis) {
    const cells = [];
    for (let band = 1; band <= questions[axis].bands; band += 1) {
      cells.push(situation(given, axis, band).cell);
    }
    const differing = (kind, holds) => {
      const groups = cells.map((cell) =>
        ids(kind)
          .map((name, number) => (holds(find(name, cell)) ? number : -1))
          .filter((number) => number >= 0),
      );
      const every = [...new Set(groups.flat())];
      return every.filter((one) => !groups.every((group) => group.includes(one)));
    };
    const moved = new Set();
    const shut = cells.map((cell) => find("standing", cell).slice(4));
    shut[0].forEach((access, channel) => {
      if (shut.some((one) => one[channel] !== access)) moved.add(channel);
    });
    const gates = differing("gate", Boolean).sort((one, other) => {
      const [a, b] = [data.gates[one], data.gates[other]];
      return b.access - a.access || b.channels.length - a.channels.length;
    });
    const opens = (gate) => data.gates[gate].channels.some((channel) => moved.has(channel));
    const pitfalls = differing("pitfall", (how) => how.length > 0 && how[0] === 0 && !how[2]);
    const most = (rule) => Math.max(0, ...data.rules[rule].points.map(Math.abs));
    const rules = differing("rule", Boolean).sort((one, other) => most(other) - most(one));
    return [
      ...gates.filter(opens).map((number) => ["gate", number]),
      ...pitfalls.map((number) => ["pitfall", number]),
      ...rules.map((number) => ["rule", number]),
      ...gates.filter((gate) => !opens(gate)).map((number) => ["gate", number]),
    ].filter(([kind, number]) => !data[`${kind}s`][number].quiet);
  }

  // ---- where a person is: the place and the answers, as they stand in the address

  let given = new Map();
  let place = questions[0].id;
  let explained = false;
  const remembered = new Map();
  const promised = new Map();
  const ticked = new Set();

  function address() {
    const pairs = [["lang", lang], ...given].map((pair) => pair.map(encodeURIComponent).join("="));
    return `#${place}?${pairs.join("&")}`;
  }

  const isAnswer = (axis, value) => {
    const { options, assumed, derived } = questions[axis];
    if (derived) return false;
    if (value === UNKNOWN) return Boolean(assumed);
    if (options.length) return options.some(([name]) => name === value);
    return read(axis, value).value === value;
  };

  function arrive() {
    const [where, pairs = ""] = location.hash.slice(1).split("?");
    given = new Map();
    for (const pair of pairs.split("&")) {
      let name;
      let value;
      try {
        [name, value = ""] = pair.split("=").map(decodeURIComponent);
      } catch {
        continue;
      }
      if (name === "lang" && languages.includes(value)) lang = value;
      if (Object.hasOwn(at, name) && isAnswer(at[name], value)) given.set(name, value);
    }
    place = where || (given.size ? "" : questions[0].id);
    for (const [name, value] of given) remembered.set(name, value);
  }

  const ready = (async () => {
    if (!("DecompressionStream" in window)) throw new Error("old");
    const packed = JSON.parse(document.getElementById("packed").textContent);
    const [links, plain] = await Promise.all([inflated(packed.links), asData(packed.data)]);
    data = plain;
    tables = unpacked(plain, new Uint8Array(links));
    await Promise.all(
      languages.map(async (name) => {
        texts[name] = await asData(packed.texts[name]);
      }),
    );
  })();

  /** The place that makes sense: what was asked for, else what is worth asking next. */
  function sensible() {
    const { used } = situation(given);
    const applies = (name) => Object.hasOwn(at, name) && used.includes(at[name]);
    const { core, ask } = agenda(given);
    if (place === REVIEW || place === RESULT) {
      if (core.length) place = questions[core[0]].id;
      return;
    }
    const isFirst = core.length && questions[core[0]].id === place;
    if (!isFirst && !applies(place)) place = ask.length ? questions[ask[0]].id : REVIEW;
    if (core.length && !given.has(place) && !isFirst) place = questions[core[0]].id;
  }

  function move(replace) {
    const depth = (history.state?.depth ?? 0) + (replace ? 0 : 1);
    const title = document.title;
    history[replace ? "replaceState" : "pushState"]({ depth }, title, address());
  }

  async function go(then) {
    await ready;
    explained = false;
    place = then;
    sensible();
    move(false);
    show(true);
  }

  function take(name, value) {
    if (remembered.has(name) && remembered.get(name) !== value) promised.clear();
    given.set(name, value);
    remembered.set(name, value);
    return ready.then(() => {
      const { ask } = agenda(given);
      return go(ask.length ? questions[ask[0]].id : REVIEW);
    }, broken);
  }

  /** The answers before this one; the address before it, where there is one. */
  function back() {
    if (history.state?.depth > 0) {
      history.back();
      return;
    }
    const { used } = situation(given);
    const before = [...given.keys()].filter((name) => name !== place && used.includes(at[name]));
    if (place === RESULT) place = REVIEW;
    else if (before.length) {
      place = before[before.length - 1];
      given.delete(place);
    }
    move(true);
    show(true);
  }

  const isChanging = () => given.has(place);
  const hasBefore = () => history.state?.depth > 0 || given.size > 0;

  // ---- reading a number

  const SCALE = { k: 1e3, w: 1e4, m: 1e6, 千: 1e3, 万: 1e4, 萬: 1e4 };
  const OTHER = /[¥€£₫฿₱₩₹]|rmb|cny|yuan|eur|gbp|hkd|jpy|vnd|thb|sgd|myr|idr|php|brl|mxn|人民币|元|块|港币|英镑/;

  /** The number that a text means, as `value`; else why it cannot be taken, as `refused`. */
  function read(axis, raw) {
    const { whole, cents, above, minimum, maximum } = questions[axis];
    const shown = raw.trim().slice(0, 40);
    const expected = text(axis).expected;
    const refused = (key) => ({ refused: phrase(key, { value: shown, expected }) });
    let rest = raw.normalize("NFKC").trim().toLowerCase();
    if (cents) {
      if (!/(?:^|[^a-z])(?!us\$)[a-z]{1,2}\$/.test(rest)) {
        rest = rest.replace(/us\$|usd|us dollars?|dollars?|美元|美金|美刀|刀|\$/, "");
      }
      if (OTHER.test(rest) || /[a-z]\$/.test(rest)) return refused("other_currency");
    }
    rest = rest.trim().replace(/\s*(followers?|fans|个?粉丝?|个)$/, "").trim();
    const scale = SCALE[rest.slice(-1)] ?? 1;
    const digits = (scale > 1 ? rest.slice(0, -1) : rest).trim();
    if (!/^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?$/.test(digits) || !/\d/.test(digits)) {
      return refused("not_a_number");
    }
    if (whole && /^\d{1,3}(\.\d{3})+$/.test(rest)) return refused("not_whole");
    const [units, part = ""] = digits.replaceAll(",", "").split(".");
    const number = Number((Number(`${units || "0"}.${part || "0"}`) * scale).toPrecision(15));
    if ((above ? number <= minimum : number < minimum) || number > maximum) {
      return refused("out_of_range");
    }
    if (whole && !Number.isInteger(number)) return refused("not_whole");
    if (cents && Number(number.toFixed(2)) !== number) return refused("not_cents");
    return { value: String(number) };
  }

  // ---- drawing

  /** An element; every text becomes a text node, whatever it holds. */
  function h(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...inside.flat(3).filter((one) => one !== "" && one !== false && one != null));
    return made;
  }

  const heading = (words) => h("h1", { tabindex: "-1" }, words);
  const button = (words, act, look = "") =>
    h("button", { type: "button", class: look || undefined, onclick: act }, words);

  function show(focus) {
    document.documentElement.lang = book.tags[lang];
    document.getElementById("brand").textContent = own().title;
    const other = languages.find((one) => one !== lang);
    const change = document.getElementById("language");
    change.hidden = false;
    change.lang = book.tags[other];
    change.textContent = book.phrases[other].page_language;
    let drawn;
    if (place === REVIEW) drawn = drawReview();
    else if (place === RESULT) drawn = drawResult();
    else drawn = drawQuestion(at[place]);
    main.className = place.startsWith("/") ? place.slice(1) : "question";
    main.replaceChildren(...drawn.flat(2).filter(Boolean));
    const title = main.querySelector("h1");
    document.title = `${title.textContent} · ${own().title}`;
    document.body.dataset.place = place;
    document.body.dataset.shown = location.hash;
    if (focus) {
      scrollTo(0, 0);
      title.focus({ preventScroll: true });
    }
  }

  function broken(error) {
    const key = error?.message === "old" ? "page_old" : "page_broken";
    main.replaceChildren(heading(phrase(key)));
    main.querySelector("h1").focus();
  }

  // ---- a question

  const EXPECTED = 6; // so many follow-up questions at most, while core questions are open

  /** Which question it is, and about how many come after it: a promise is kept where it can be. */
  function progress(axis) {
    if (isChanging()) return phrase("ask_changing");
    if (!given.size || !tables) return phrase("page_intro");
    const { used } = situation(given);
    const number = used.filter((one) => given.has(questions[one].id)).length + 1;
    const { core, ask } = agenda(given);
    let more = ask.filter((one) => !questions[one].core && one !== axis).length;
    if (core.length) more = Math.min(EXPECTED, more);
    const certain = core.filter((one) => one !== axis).length;
    const count = certain + more;
    const expected = promised.get(number) ?? (promised.get(number - 1) ?? count + 1) - 1;
    const left = Math.min(count, Math.max(expected, certain, 1));
    promised.set(number, left);
    return phrase(left ? "ask_progress" : "ask_progress_last", { number, left });
  }

  function drawQuestion(axis) {
    const question = questions[axis];
    const { title, help } = text(axis);
    const before = remembered.get(question.id);
    return [
      h("p", { class: "progress" }, progress(axis)),
      heading(title),
      h("p", { class: "help", id: "help" }, help),
      question.options.length ? drawOptions(axis, before) : drawNumber(axis, before),
      drawWhy(axis),
      h(
        "nav",
        { class: "moves", "aria-label": phrase("page_moves") },
        hasBefore() && button(phrase("page_back"), back, "plain back"),
      ),
    ];
  }

  function drawOptions(axis, before) {
    const { id, options, assumed } = questions[axis];
    const names = options.map(([name]) => name);
    if (assumed) names.push(UNKNOWN);
    const one = (name) => {
      const [label, detail] = text(axis).options[name] ?? [phrase("unknmineanswer"), ""];
      const look = name === UNKNOWN ? "option unsure" : "option";
      const mine = name === before;
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: look,
            "data-value": name,
            "aria-current": mine && "true",
            onclick: () => take(id, name),
          },
          h("span", { class: "label" }, label),
          detail && h("span", { class: "detail" }, detail),
          mine && h("span", { class: "mine" }, phrase("page_earlier")),
        ),
      );
    };
    return h("ul", { class: "options", role: "list", onkeydown: arrows }, names.map(one));
  }

  function arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...event.currentTarget.querySelectorAll("button")];
    const next = all[all.indexOf(document.activeElement) + step];
    if (!step || !next) return;
    event.preventDefault();
    next.focus();
  }

  function drawNumber(axis, before) {
    const { id, whole, cents, assumed } = questions[axis];
    const problem = h("p", { class: "problem", id: "problem", role: "alert" });
    const field = h("input", {
      type: "text",
      id: "number",
      inputmode: whole ? "numeric" : "decimal",
      autocomplete: "off",
      enterkeyhint: "next",
      maxlength: "40",
      "aria-label": text(axis).title,
      "aria-describedby": "help problem",
      value: before && before !== UNKNOWN ? before : undefined,
    });
    const done = (event) => {
      event.preventDefault();
      const { value, refused } = field.value.trim()
        ? read(axis, field.value)
        : { refused: phrase("must_be_known", { expected: text(axis).expected }) };
      if (refused) {
        problem.textContent = refused;
        field.setAttribute("aria-invalid", "true");
        field.focus();
      } else take(id, value);
    };
    return h(
      "form",
      { class: "number", onsubmit: done, novalidate: true },
      h(
        "div",
        { class: "field" },
        cents && h("span", { class: "unit", "aria-hidden": "true" }, "$"),
        field,
      ),
      problem,
      h("button", { type: "submit", class: "main" }, phrase("page_next")),
      assumed &&
        h(
          "button",
          { type: "button", class: "option unsure", "data-value": UNKNOWN, onclick: () => take(id, UNKNOWN) },
          h("span", { class: "label" }, phrase("unknmineanswer")),
          before === UNKNOWN && h("span", { class: "mine" }, phrase("page_earlier")),
        ),
    );
  }

  const MOST_REASONS = 4;

  function drawWhy(axis) {
    const inside = h("div", { class: "reasons" });
    const fill = async () => {
      try {
        await ready;
      } catch (error) {
        broken(error);
        return;
      }
      if (inside.childElementCount) return;
      const before = new Map(given);
      before.delete(questions[axis].id);
      const some = situation(before).cell[0] ? effects(isChanging() ? given : before, axis) : [];
      if (!some.length) {
        inside.append(h("p", {}, phrase("ask_why_later")));
        return;
      }
      inside.append(
        h("p", {}, phrase("ask_why")),
        h("ul", {}, some.slice(0, MOST_REASONS).map((one) => h("li", {}, reason(...one)))),
      );
      if (some.length > MOST_REASONS) {
        inside.append(h("p", {}, phrase("ask_why_more", { count: some.length - MOST_REASONS })));
      }
    };
    const details = h("details", { class: "why" }, h("summary", {}, phrase("page_why")), inside);
    details.addEventListener("toggle", () => details.open && fill());
    return details;
  }

  function reason(kind, number) {
    const { channels, gates, rules, pitfalls } = texts[lang];
    if (kind === "gate") {
      const shut = listing(data.gates[number].channels.map((one) => channels[one][1]));
      return phrase("ask_why_gate", { channels: shut, because: gates[number] });
    }
    if (kind === "pitfall") return phrase("ask_why_pitfall", { title: pitfalls[number][0] });
    const points = data.rules[number].points
      .map((count, one) => count && `${channels[one][1]} ${count > 0 ? "+" : "-"}${Math.abs(count)}`)
      .filter(Boolean);
    return phrase("ask_why_rule", { points: listing(points), because: rules[number] });
  }

  // ---- the review

  function drawReview() {
    const { used } = situation(given);
    const { skip, ask } = agenda(given);
    const answered = used.filter((axis) => given.has(questions[axis].id));
    const row = (axis) => {
      const { id } = questions[axis];
      const short = text(axis).short;
      return h(
        "div",
        { class: "row" },
        h("dt", {}, short),
        h("dd", {}, answerText(axis, given.get(id))),
        h(
          "dd",
          { class: "act" },
          h(
            "button",
            {
              type: "button",
              class: "plain",
              "aria-label": phrase("page_change_this", { question: short }),
              onclick: () => go(id),
            },
            phrase("page_change"),
          ),
        ),
      );
    };
    return [
      heading(phrase("ask_review")),
      h("dl", { class: "answers" }, answered.map(row)),
      skip.length > 0 && h("p", { class: "quiet" }, phrase("page_skipped", { count: skip.length })),
      ask.length > 0 &&
        button(phrase("page_go_on"), () => go(questions[ask[0]].id), "plain"),
      button(phrase("ask_review_go"), () => go(RESULT), "main"),
      h(
        "nav",
        { class: "moves", "aria-label": phrase("page_moves") },
        hasBefore() && button(phrase("page_back"), back, "plain back"),
      ),
    ];
  }

  // ---- the result

  const ACCESS = ["open", "locked", "closed"];
  const SEVERITIES = ["critical", "warning", "note"];

  class Sources {
    constructor() {
      this.numbers = new Map();
    }

    /** A text with links to its sources. */
    cited(words, facts) {
      const links = facts.map((fact) => {
        if (!this.numbers.has(fact)) this.numbers.set(fact, this.numbers.size + 1);
        const number = this.numbers.get(fact);
        const act = (event) => {
          event.preventDefault();
          const target = document.getElementById(`source-${number}`);
          target.closest("details").open = true;
          target.focus();
        };
        return h("a", { class: "cite", href: `#source-${number}`, onclick: act }, `[${number}]`);
      });
      return [words, ...links.flatMap((link) => [" ", link])];
    }
  }

  function drawResult() {
    const found = decided(given);
    const sources = new Sources();
    const week = [...found.settling, ...found.now.slice(0, book.week)];
    const safe = found.weak || found.recommended < 0;
    const rest = [
      ["report_plan_now", found.now.slice(book.week)],
      ["report_plan_unlock", found.unlock],
      [safe ? "report_plan_opened" : "report_plan_later", found.later],
    ];
    document.body.dataset.found = JSON.stringify({ ...found, week });
    const parts = [
      drawWeek(week, safe, sources),
      drawWatch(found),
      drawWays(found),
      drawAssumed(found),
      found.money && drawMoney(),
      folded(
        "plan",
        phrase("page_plan"),
        numbered(rest, week.length + 1).map(([title, steps, from]) => [
          h("h3", {}, phrase(title)),
          drawSteps(steps, from, sources),
        ]),
      ),
      drawReasons(found, sources),
      drawPitfalls(found, sources),
      folded(
        "yours",
        phrase("report_answered"),
        h(
          "ul",
          {},
          found.used
            .filter((axis) => !found.assumed.includes(axis))
            .map((axis) => h("li", {}, answerLine(axis, given.get(questions[axis].id)))),
        ),
        found.assumed.length > 0 && [
          h("h3", {}, phrase("report_assumed")),
          h(
            "ul",
            {},
            found.assumed.map((axis) => h("li", {}, answerLine(axis, questions[axis].assumed[0]))),
          ),
        ],
      ),
    ];
    parts.push(
      folded(
        "sources",
        phrase("report_sources"),
        h("p", { class: "quiet" }, phrase("report_article")),
        h(
          "ol",
          {},
          [...sources.numbers].map(([fact, number]) =>
            h("li", { id: `source-${number}`, tabindex: "-1" }, texts[lang].sources[fact]),
          ),
        ),
      ),
    );
    return [
      drawCard(found),
      ...parts,
      h(
        "nav",
        { class: "moves", "aria-label": phrase("page_moves") },
        button(phrase("page_change_answers"), () => go(REVIEW), "main"),
        button(phrase("page_save"), save),
        button(phrase("page_print"), () => print()),
        button(phrase("page_again"), again, "plain"),
      ),
      h("footer", {}, h("p", {}, phrase("page_private")), h("p", {}, own().rulebook)),
    ];
  }

  const name = (channel) => texts[lang].channels[channel][0];
  const played = (found, channel) => {
    const variant = found.variants[channel];
    return variant < 0 ? name(channel) : texts[lang].variants[channel][variant];
  };

  /** The rules that give a channel points, the most decisive first. */
  const ledger = (found, channel) =>
    found.rules
      .map((rule) => [rule, data.rules[rule].points[channel]])
      .filter(([, points]) => points)
      .sort((one, other) => Math.abs(other[1]) - Math.abs(one[1]));

  /** What keeps a channel shut; else what sets the recommended one above it. */
  function against(found, channel) {
    const access = found.access[channel];
    if (access) {
      return sentences(
        found.gates
          .filter((one) => data.gates[one].access === access)
          .filter((one) => data.gates[one].channels.includes(channel))
          .map((one) => texts[lang].gates[one]),
      );
    }
    const best = found.recommended;
    const gap = (rule) => data.rules[rule].points[best] - data.rules[rule].points[channel];
    const ahead = found.rules.filter((rule) => gap(rule) > 0).sort((a, b) => gap(b) - gap(a));
    const words = { fit: found.fit[channel], best: found.fit[best] };
    return sentences([
      phrase("report_outdone", words),
      ...ahead.slice(0, 2).map((rule) => texts[lang].rules[rule]),
    ]);
  }

  function opening(found, byStep) {
    const gates = found.gates.filter((one) => data.gates[one].channels.includes(found.aim));
    const plan = [...found.settling, ...found.now, ...found.unlock, ...found.later];
    const step = plan.find((one) => data.steps[one].unlocks.some((gate) => gates.includes(gate)));
    if (step === undefined) return "";
    return phrase(byStep, { channel: name(found.aim), step: texts[lang].steps[step][0] });
  }

  function sure(found) {
    const { holds, of } = found.certainty;
    const open = found.assumed.length;
    if (!open) return phrase("summary_sure_all");
    if (holds === of && !found.unsettled.length) return phrase("summary_sure_open");
    const words = { holds: holds.toLocaleString("en-US"), of: of.toLocaleString("en-US"), open };
    return phrase(open === 1 ? "summary_sure_holds_one" : "summary_sure_holds", words);
  }

  const mattering = (found) =>
    together(found.unsettled.slice(0, book.named).map((axis) => text(axis).short));

  function closeness(found) {
    if (!found.close) return "";
    const best = found.fit[found.recommended];
    const near = found.order.filter(
      (one) => !found.access[one] && best - found.fit[one] <= book.closeWithin,
    );
    const words = { channels: together(near.map(name)), points: book.closeWithin };
    if (!found.unsettled.length) return phrase("report_close_plain", words);
    return phrase("report_close", { ...words, names: mattering(found) });
  }

  function drawCard(found) {
    const { recommended, aim, weak } = found;
    let look = "open";
    let title;
    let said;
    if (aim < 0) {
      look = "closed";
      title = phrase("summary_closed");
      said = [against(found, found.order[0])];
    } else if (recommended < 0 || weak) {
      look = "locked";
      title = phrase("summary_not_yet", { channel: name(aim) });
      said = [opening(found, "summary_opens_step")];
      if (weak) said.push(phrase("summary_weak", { channel: name(recommended) }));
    } else {
      title = played(found, recommended);
      const [first] = ledger(found, recommended);
      said = [
        first && first[1] > 0 ? texts[lang].rules[first[0]] : "",
        closeness(found),
        aim === recommended ? "" : opening(found, "summary_better_step"),
      ];
    }
    return h(
      "section",
      { class: `card ${look}` },
      heading(title),
      said.filter(Boolean).map((one) => h("p", {}, one)),
      h("p", { class: "sure" }, sure(found)),
    );
  }

  function drawWeek(week, safe, sources) {
    if (!week.length) return "";
    return h(
      "section",
      { class: "week", "aria-labelledby": "week" },
      h("h2", { id: "week" }, phrase(safe ? "report_week_safe" : "report_week")),
      drawSteps(week, 1, sources, true),
    );
  }

  function drawSteps(steps, from, sources, boxes) {
    const level = boxes ? "h3" : "h4";
    const one = (number) => {
      const [title, words, done, takes, costs] = texts[lang].steps[number];
      const box = boxes && tick(number, title);
      return h(
        "li",
        { class: boxes && ticked.has(number) ? "step done" : "step" },
        h(level, {}, box, h("span", {}, title)),
        (takes || costs) &&
          h(
            "p",
            { class: "cost" },
            takes && h("span", {}, phrase("report_step_takes", { text: takes })),
            costs && h("span", {}, phrase("report_step_costs", { text: costs })),
          ),
        h(
          boxes ? "details" : "div",
          {},
          boxes && h("summary", {}, phrase("page_how")),
          h("p", {}, sources.cited(words, data.steps[number].facts)),
          done && h("p", { class: "quiet" }, phrase("report_step_done_when", { text: done })),
        ),
      );
    };
    return h("ol", { class: "steps", start: String(from), role: "list" }, steps.map(one));
  }

  function tick(number, title) {
    const box = h("input", { type: "checkbox", "aria-label": title });
    box.checked = ticked.has(number);
    box.addEventListener("change", () => {
      ticked[box.checked ? "add" : "delete"](number);
      box.closest("li").classList.toggle("done", box.checked);
      try {
        localStorage.setItem(`ticked ${book.digest}`, JSON.stringify([...ticked]));
      } catch {
        // a browser that keeps nothing still shows what was ticked
      }
    });
    return box;
  }

  function drawWatch(found) {
    const gravest = found.pitfalls.find((one) => one.own);
    if (!gravest) return "";
    const [title, , avoid] = texts[lang].pitfalls[gravest.number];
    return h("p", { class: "watch" }, phrase("summary_watch", { title, avoid }));
  }

  function drawWays(found) {
    const one = (channel) => {
      const fit = h("span", { class: "fill" });
      fit.style.inlineSize = `${Math.max(0, Math.min(100, found.fit[channel]))}%`;
      const access = ACCESS[found.access[channel]];
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, name(channel)),
        h("td", {}, h("span", { class: `access ${access}` }, phrase(`access_${access}`))),
        h("td", { class: "fit" }, h("span", { class: "bar", "aria-hidden": "true" }, fit), h("b", {}, String(found.fit[channel]))),
      );
    };
    return h(
      "section",
      { class: "ways", "aria-labelledby": "ways" },
      h("h2", { id: "ways" }, phrase("report_channels")),
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, phrase("page_way")),
            h("th", { scope: "col" }, phrase("report_access")),
            h("th", { scope: "col" }, phrase("report_fit")),
          ),
        ),
        h("tbody", {}, found.order.map(one)),
      ),
    );
  }

  const MOST_ASSUMED = 3;

  function drawAssumed(found) {
    if (!found.assumed.length) return "";
    const first = found.assumed.slice(0, MOST_ASSUMED);
    const answers = listing(first.map((axis) => answerLine(axis, questions[axis].assumed[0])));
    const count = found.assumed.length - first.length;
    return h(
      "p",
      { class: "quiet" },
      sentences([
        phrase(count ? "summary_assumed_more" : "summary_assumed", { answers, count }),
        found.unsettled.length ? phrase("summary_matters", { names: mattering(found) }) : "",
      ]),
    );
  }

  function drawMoney() {
    return h(
      "section",
      { class: "money", "aria-labelledby": "money" },
      h("h2", { id: "money" }, phrase("report_money")),
      h("p", {}, phrase("page_money")),
      button(phrase("page_save"), save),
    );
  }

  function numbered(groups, from) {
    let next = from;
    return groups
      .filter(([, steps]) => steps.length)
      .map(([title, steps]) => {
        const first = next;
        next += steps.length;
        return [title, steps, first];
      });
  }

  function folded(id, title, ...inside) {
    const some = inside.flat(3).filter(Boolean);
    if (!some.length) return "";
    return h("details", { class: "part", id }, h("summary", {}, h("h2", {}, title)), some);
  }

  function drawReasons(found, sources) {
    const best = found.recommended < 0 ? found.aim : found.recommended;
    const parts = [];
    if (best >= 0) {
      const key = found.recommended < 0 ? "report_why_aim" : "report_why";
      const line = ([rule, points]) => {
        const guessed = data.rules[rule].reads.some((axis) => found.assumed.includes(axis));
        const words = sentences([texts[lang].rules[rule], guessed ? phrase("report_assumed_mark") : ""]);
        return h(
          "li",
          {},
          h("span", { class: "points" }, `${points > 0 ? "+" : "-"}${Math.abs(points)}`),
          h("span", {}, sources.cited(words, data.rules[rule].facts)),
        );
      };
      const lines = ledger(found, best).map(line);
      if (lines.length) {
        parts.push(
          h("h3", {}, phrase(key, { channel: name(best) })),
          h("ul", { class: "ledger", role: "list" }, lines),
          h("p", { class: "quiet" }, phrase("report_points_note", { base: book.base })),
        );
      }
    }
    const others = found.order.filter((one) => one !== found.recommended);
    if (others.length) {
      const key = found.recommended < 0 ? "report_why_not_yet" : "report_why_not";
      const line = (one) =>
        h(
          "li",
          {},
          h("strong", {}, name(one)),
          " ",
          h("span", { class: `access ${ACCESS[found.access[one]]}` }, phrase(`access_${ACCESS[found.access[one]]}`)),
          h("p", {}, against(found, one)),
        );
      parts.push(h("h3", {}, phrase(key)), h("ul", { role: "list", class: "others" }, others.map(line)));
    }
    return folded("why", phrase("page_reasons"), parts);
  }

  function drawPitfalls(found, sources) {
    const one = ({ number, severity }, full) => {
      const [title, happens, avoid] = texts[lang].pitfalls[number];
      const grave = SEVERITIES[severity];
      return h(
        "article",
        { class: `is-${grave}` },
        h(full ? "h3" : "h4", {}, h("span", { class: "severity" }, phrase(`severity_${grave}`)), title),
        full && grave !== "note" && h("p", {}, happens),
        h("p", {}, sources.cited(phrase("report_avoid", { text: avoid }), data.pitfalls[number].facts)),
      );
    };
    const mine = found.pitfalls.filter((pitfall) => pitfall.own);
    const others = found.pitfalls.filter((pitfall) => !pitfall.own);
    return folded(
      "pitfalls",
      phrase("report_pitfalls"),
      mine.map((pitfall) => one(pitfall, true)),
      others.length > 0 && [
        h("h3", {}, phrase("report_other_pitfalls")),
        others.map((pitfall) => one(pitfall, false)),
      ],
    );
  }

  // ---- what a person does with the result

  /** The answers as a file that the program takes. */
  function answersFile() {
    const { used } = situation(given);
    const file = {};
    for (const axis of used) {
      const { id, options, truth } = questions[axis];
      if (!given.has(id)) continue;
      const value = given.get(id);
      const isPlain = value === UNKNOWN || (options.length && !truth);
      file[id] = isPlain ? value : JSON.parse(value);
    }
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  function save() {
    const link = h("a", {
      href: URL.createObjectURL(new Blob([answersFile()], { type: "application/json" })),
      download: "answers.json",
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    document.getElementById("said").textContent = phrase("page_saved");
  }

  function again() {
    given = new Map();
    remembered.clear();
    promised.clear();
    go(questions[0].id);
  }

  const folds = () => [...document.querySelectorAll("details:not(.why)")];
  addEventListener("beforeprint", () =>
    folds().forEach((one) => {
      one.dataset.open = one.open ? "1" : "";
      one.open = true;
    }),
  );
  addEventListener("afterprint", () => folds().forEach((one) => (one.open = Boolean(one.dataset.open))));

  document.getElementById("language").addEventListener("click", () => {
    lang = languages.find((one) => one !== lang);
    document.documentElement.lang = book.tags[lang];
    move(true);
    show(false);
    document.getElementById("language").focus();
  });

  addEventListener("popstate", async () => {
    const spoken = lang;
    arrive();
    lang = spoken;
    try {
      await ready;
    } catch (error) {
      broken(error);
      return;
    }
    sensible();
    move(true);
    show(true);
  });

  try {
    for (const one of JSON.parse(localStorage.getItem(`ticked ${book.digest}`) ?? "[]")) ticked.add(one);
  } catch {
    // nothing was kept
  }
  const isFresh = !location.hash.includes("=");
  arrive();
  if (isFresh) {
    move(true);
    show(false);
  }
  try {
    await ready;
  } catch (error) {
    broken(error);
    return;
  }
  if (!isFresh) {
    sensible();
    move(true);
    show(false);
  }
  document.body.dataset.ready = "1";
})();
