// Looks up what the program would say: no rule is evaluated here.
// Results stand in tables (see tables.js), each a diagram over the questions that it hangs on.
// tables.js, this file, wizard_result.js and wizard.js are one function: the page's script.

const book = JSON.parse(document.getElementById("questions").textContent);
const questions = book.questions;
const at = Object.fromEntries(questions.map((one, axis) => [one.id, axis]));
const UNKNOWN = "unknown";
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
  if (value === UNKNOWN) return phrase("unknown_answer");
  const { options, amount } = text(axis);
  if (value in options) return options[value][0];
  const { cents, digits: only } = questions[axis].limits;
  const digits = cents && value % 1 ? 2 : 0;
  const most = cents ? 2 : 15;
  const number = Number(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: most,
    useGrouping: !only,
  });
  return amount.replace("{amount}", () => number);
}

const answerLine = (axis, value, key = "answer_is") =>
  phrase(key, { question: text(axis).short, answer: answerText(axis, value) });

// ---- tables

let tables;
let data;
const texts = {};

/** The value in a cell: of each question the band, 0 where it does not apply. */
const find = (name, cell) => valueIn(tables[name], cell);

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
    this.ways = waysTo(table, bands);
    this.known = new Map();
    this.turns = new Map();
  }

  every(node) {
    return [...children(this.table, node)];
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

  holding(value) {
    return holding(this.table, this.ways, value);
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

let latest = [];

/** What is still worth asking, the next question first, and what need not be asked; remembered,
 * since one tap asks several times. */
function agenda(given) {
  const key = JSON.stringify([...given]);
  if (latest[0] !== key) latest = [key, worthAsking(given)];
  return latest[1];
}

function worthAsking(given) {
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
    const { always } = questions[axis];
    if (always || weight || recommendations.overturns(axis, recommended)) weights.set(axis, weight);
  }
  const later = (axis) => (questions[axis].always ? 0 : 1);
  const worth = [...weights.keys()].sort(
    (one, other) => later(one) - later(other) || weights.get(other) - weights.get(one),
  );
  const counted = questions.filter(({ id }, axis) => given.has(id) && cell[axis]).length;
  const ask = worth.slice(0, Math.max(0, book.mostAsked - counted));
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
      return !how[2] || data.pitfalls[number].standsFor.some((axis) => open.has(axis));
    })
    .map(([number, [severity, near]]) => ({ number, severity, own: near > 0, main: near > 1 }))
    .sort((one, other) => one.severity - other.severity);
  const settling = find("settling", cell).filter((n) => open.has(data.steps[n].settles));
  const ways = new Ways("recommended", held(given, false));
  const heaviest = (axes, of) =>
    axes
      .map((axis) => [axis, of.weight(axis)])
      .sort((one, other) => other[1] - one[1])
      .map(([axis]) => axis);
  const unsettled = heaviest(
    assumed.filter((axis) => ways.overturns(axis, recommended)),
    ways,
  );
  const headlines = new Ways("headlines", held(given, false));
  const changing = heaviest(
    assumed.filter((axis) => headlines.weight(axis)),
    headlines,
  );
  const order = fit
    .map((_, number) => number)
    .sort(
      (one, other) =>
        (one !== recommended) - (other !== recommended) ||
        shut[one] - shut[other] ||
        fit[other] - fit[one],
    );
  return {
    changes: changes(given, { cell, assumed, recommended, aim, access: shut }),
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
    sureness: {
      ...headlines.holding(find("headlines", cell)),
      questions: [...new Set([...unsettled, ...changing])],
    },
    money: tables.money ? Boolean(find("money", cell)) : false,
  };
}

const MOST_CHANGES = 3;
const AT_ONCE = 3;

/** The cell after some answers have changed; `worst`: what is asked anew is not promised. */
function changed(given, cell, bands, worst) {
  const after = [];
  questions.forEach((question, axis) => {
    let band = 0;
    if (find(`applies ${question.id}`, after)) {
      band = bands.get(axis) || cell[axis];
      if (!band && known(given, axis)) band = bandOf(axis, given.get(question.id));
      if (!band && worst) band = data.moves[axis].worst;
      if (!band && question.assumed) [, band] = question.assumed;
    }
    after.push(band);
  });
  return after;
}

/** What better answers would give, looked up: the fewest and easiest first. */
function changes(given, { cell, assumed, recommended, aim, access }) {
  const moves = [];
  questions.forEach((question, axis) => {
    const { effort, foundOut, moving, better, onlyWhere } = data.moves[axis];
    const counts = effort !== null || (foundOut && assumed.includes(axis));
    if (question.derived || moving || !counts) return;
    for (const band of better[cell[axis]]) {
      const where = onlyWhere[band];
      if (!where || find(where, cell)) moves.push({ axis, band, effort: effort || 1 });
    }
  });
  const found = [];
  const opensAim = () => found.some((one) => one.opens.includes(aim));
  // A change is left out where a part of it, or a nearer answer, gives as much.
  const covers = (less, more) =>
    less.recommended === more.recommended &&
    more.opens.every((channel) => less.opens.includes(channel)) &&
    less.moves.every(({ axis, band }) =>
      more.moves.some((one) => {
        return one.axis === axis && (one.band === band || less.moves.length === 1);
      }),
    );
  const look = (some) => {
    const bands = new Map(some.map(({ axis, band }) => [axis, band]));
    const after = changed(given, cell, bands, false);
    if (some.some(({ axis }) => !after[axis])) return;
    const [then, , , , ...shut] = find("standing", after);
    const [sure, , , , ...surely] = find("standing", changed(given, cell, bands, true));
    if (sure !== then) return;
    const opens = shut
      .map((one, channel) => (access[channel] && !one && !surely[channel] ? channel : -1))
      .filter((channel) => channel >= 0);
    if (!opens.length && (then === recommended || then < 0)) return;
    const effort = some.reduce((sum, one) => sum + one.effort, 0);
    const one = { moves: some, effort, opens, recommended: then };
    if (!found.some((less) => covers(less, one))) found.push(one);
  };
  const combine = (size, from, some) => {
    if (!size) {
      look(some);
      return;
    }
    for (let n = from; n < moves.length; n += 1) {
      if (some.every(({ axis }) => axis !== moves[n].axis)) {
        combine(size - 1, n + 1, [...some, moves[n]]);
      }
    }
  };
  for (let size = 1; size <= AT_ONCE; size += 1) {
    if (size > 1 && (aim < 0 || !access[aim] || opensAim())) break;
    combine(size, 0, []);
  }
  found.sort((one, other) => one.effort - other.effort || one.moves.length - other.moves.length);
  const first = found.slice(0, MOST_CHANGES);
  const aiming = found.find((one) => one.opens.includes(aim));
  return aiming && !first.includes(aiming) ? [...first.slice(0, -1), aiming] : first;
}

/** Why a question is asked: what some answers bring about and others do not, and which bands do. */
function effects(given, axis) {
  const cells = [];
  for (let band = 1; band <= questions[axis].bands; band += 1) {
    cells.push(situation(given, axis, band).cell);
  }
  const differing = (kind, holds) =>
    ids(kind)
      .map((name, number) => {
        const bands = cells.map((cell, n) => (holds(find(name, cell)) ? n + 1 : 0)).filter(Boolean);
        return { kind, number, bands };
      })
      .filter(({ bands }) => bands.length && bands.length < cells.length);
  const moved = new Set();
  const shut = cells.map((cell) => find("standing", cell).slice(4));
  shut[0].forEach((access, channel) => {
    if (shut.some((one) => one[channel] !== access)) moved.add(channel);
  });
  const gates = differing("gate", Boolean).sort((one, other) => {
    const [a, b] = [data.gates[one.number], data.gates[other.number]];
    return b.access - a.access || b.channels.length - a.channels.length;
  });
  const opens = ({ number }) => data.gates[number].channels.some((channel) => moved.has(channel));
  const pitfalls = differing("pitfall", (how) => how.length > 0 && how[0] === 0 && !how[2]);
  const most = ({ number }) => Math.max(0, ...data.rules[number].points.map(Math.abs));
  const rules = differing("rule", Boolean).sort((one, other) => most(other) - most(one));
  const isKnown = (read) => read === axis || known(given, read);
  return [
    ...gates.filter(opens),
    ...pitfalls,
    ...rules,
    ...gates.filter((gate) => !opens(gate)),
  ].filter(({ kind, number }) => {
    const { quiet, reads } = data[`${kind}s`][number];
    return !quiet && reads.every(isKnown);
  });
}
