
// The page works without this script. It keeps ticks and folded parts in this browser, and looks up
// what the program would say of other answers; it holds no rule (see tables.js).

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const key = `report-${document.body.dataset.key}`;

  // ---- what this browser keeps; where it keeps nothing, all else works

  const kept = (() => {
    try {
      const found = JSON.parse(localStorage.getItem(key)) || {};
      return { steps: {}, parts: {}, ...found };
    } catch {
      return { steps: {}, parts: {} };
    }
  })();
  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      /* a private window, say */
    }
  }

  // ---- ticks: a step may stand twice

  const boxes = all("input[data-step]");
  const gist = one("#plan .gist");
  const steps = new Set(boxes.map((box) => box.dataset.step));
  function tick(step, done) {
    for (const box of boxes) if (box.dataset.step === step) box.checked = done;
  }
  function count() {
    const done = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.step)).size;
    if (gist && done) gist.textContent = gist.dataset.done.replace("{d}", done).replace("{n}", steps.size);
  }
  for (const [step, done] of Object.entries(kept.steps)) tick(step, done === true);
  count();
  for (const box of boxes) {
    box.addEventListener("change", () => {
      tick(box.dataset.step, box.checked);
      kept.steps[box.dataset.step] = box.checked;
      keep();
      count();
    });
  }

  // ---- parts: what the reader opens or closes by hand stays so; on paper, all others are open

  const parts = all("details.part");
  for (const part of parts) {
    const state = kept.parts[part.id];
    if (typeof state === "boolean") part.open = state;
    part.classList.toggle("shut", state === false);
    one("summary", part).addEventListener("click", () => {
      kept.parts[part.id] = !part.open;
      part.classList.toggle("shut", part.open);
      keep();
    });
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = parts.filter((part) => !part.open && !part.classList.contains("shut") && !part.hidden);
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });
  function reveal() {
    const name = location.hash.slice(1);
    const target = name && !name.includes("=") && document.getElementById(decoded(name));
    const part = target && target.closest("details.part");
    if (!part || part.hidden) return;
    part.open = true;
    part.classList.remove("shut");
    target.scrollIntoView();
  }
  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  }
  for (const link of all('a[href^="#"]')) link.addEventListener("click", () => setTimeout(reveal));
  addEventListener("hashchange", reveal);
  reveal();

  // ---- other answers

  const block = one("#live-data");
  if (!block || typeof DecompressionStream === "undefined") return;
  const packed = JSON.parse(block.textContent);
  Promise.all([
    asData(packed.data),
    unpacked(packed.results),
    packed.sums ? unpacked(packed.sums) : {},
  ]).then(live, () => {});

  function live([data, results, { sums: sumsByOption }]) {
    const part = one("#live");
    const form = one("#live-form");
    const said = one("#live-said");
    const text = said.dataset;
    const questions = data.questions.map((question, n) => {
      const field = all(".question", form).find((found) => found.dataset.id === data.names[n]);
      const select = field && one("select", field);
      const start = select ? select.value : "";
      const values = select ? [...select.options].map((option) => option.value).filter(Boolean) : [];
      return { ...question, name: data.names[n], field, select, start, values };
    });
    const byName = new Map(questions.map((question) => [question.name, question]));

    const tablesOf = (kind) =>
      Object.keys(results).filter((name) => name.startsWith(`${kind} `)).map((name) => results[name]);
    const [fits, dangers] = [tablesOf("fit"), tablesOf("pitfall")];

    function look() {
      const bands = [...data.cell];
      const picks = [...data.cell];
      const held = [...data.cell];
      const open = new Set();
      for (const question of questions) {
        question.on = valueIn(results[`applies ${question.name}`], bands);
        const chosen = 1 + question.values.indexOf(question.select ? question.select.value : "");
        held[question.axis] = chosen ? question.bands[chosen - 1] : 0;
        let [pick, band] = [0, 0];
        if (question.on) {
          [pick, band] = chosen ? [chosen, held[question.axis]] : question.assumed;
          if (!chosen && band) open.add(question.axis);
        }
        bands[question.axis] = band;
        picks[question.axis] = pick;
      }
      const price = byName.get(data.price);
      const known = sumsByOption && !(price && open.has(price.axis));
      const sums = known ? valueIn(sumsByOption, picks) : null;
      bands[data.margin] = held[data.margin] = sums ? sums[0] : data.unknown;
      const found = { ...saidOf(bands, open), open, sums };
      return { ...found, warning: warning(found, bands), sure: sureness(found, bands, held) };
    }

    // Where several ways lose, the warning names the lowest price that opens something.
    function warning({ sums, ids }, bands) {
      if (!sums) return "";
      const now = ids[4];
      const opens = ([margin, price]) => {
        const then = [...bands];
        then[data.margin] = margin;
        then[byName.get(data.price).axis] = price;
        const [, [, , , , access]] = data.standings[valueIn(results.standing, then)];
        return access.some((one, n) => one === "open" && now[n] !== one);
      };
      const opening = sums[4].find(opens);
      return opening ? opening[2] : sums[1];
    }

    function sureness(found, bands, held) {
      const { open } = found;
      const table = results.headlines;
      const { holds, of } = holding(table, waysTo(table, held), valueIn(table, bands));
      const moves = figuresOf(found).length && questions.some((q) => q.moves && open.has(q.axis));
      const costs = found.sums ? found.sums[3] : data.costs;
      if (!open.size) return data.sure[costs ? "all_costs" : "all"];
      if (holds === of && costs) return data.sure.open_costs;
      const key = holds !== of ? "not" : moves ? "profit" : "open";
      return data.sure[open.size === 1 ? `${key}_one` : key].replace("{open}", open.size);
    }

    function saidOf(bands, open) {
      const value = (table) => valueIn(table, bands);
      const [role, ids, titles, lines, week, main] = data.standings[value(results.standing)];
      const variantOf = (id) => (id ? value(results.variants)[data.channels.indexOf(id)] : null);
      const played = variantOf(ids[0]);
      const [settling, now, otherwise] = week.map((listed) => [
        ...new Set(listed.filter(([, n]) => value(results[`week ${n}`])).map(([step]) => step)),
      ]);
      const first = settling.filter((step) => open.has(data.steps[step][2]));
      const steps = [...first, ...(now.length ? now : otherwise).slice(0, data.week)];
      const pitfalls = dangers
        .map((table, pitfall) => [pitfall, value(table)])
        .filter(([pitfall, how]) => how.length && (!how[1] || data.pitfalls[pitfall][2].some((n) => open.has(n))))
        .sort(([a, one], [b, other]) => one[0] - other[0] || a - b);
      const fit = fits.map(value);
      return { role, ids, title: titles[variantOf(main)] || titles[""], lines, played, steps, pitfalls, fit, main };
    }

    function element(name, content, className) {
      const made = document.createElement(name);
      if (className) made.className = className;
      made.append(...[content].flat());
      return made;
    }

    function show() {
      const found = look();
      const [recommended, aim, weak, close, access] = found.ids;
      const changed = questions.filter((q) => q.on && q.select && q.select.value !== q.start);
      const names = changed.map((q) =>
        text.is
          .replace("{q}", () => one("label", q.field).textContent)
          .replace("{a}", () => q.select.selectedOptions[0].textContent),
      );
      one(".changed", said).textContent = names.length
        ? text.other.replace("{}", () => names.join(text.and))
        : text.same;
      said.className = `card ${found.role}`;
      one(".title", said).textContent = found.title;
      const lines = [...(found.warning ? [found.warning] : []), ...found.lines];
      one(".lines", said).replaceChildren(...lines.map((line) => element("p", line)));
      one(".sure", said).textContent = found.sure;
      all("#live-ways li").forEach((row, n) => {
        const word = one(".access", row);
        word.className = `access ${access[n]}`;
        word.textContent = text[access[n]];
        const fit = access[n] === "closed" ? null : found.fit[n]; // nobody can choose it
        one("strong", row).textContent = fit ?? "–";
        one(".fill", row).setAttribute("width", Math.max(0, Math.min(100, fit ?? 0)));
      });
      const sums = one("#live-sums");
      if (sums) {
        const figures = figuresOf(found);
        sums.replaceChildren(
          ...(figures.length ? figures.map(figure) : [element("li", text.noMoney, "number")]),
        );
      }
      const steps = found.steps.map((step) => element("li", data.steps[step][1]));
      one("#live-week").replaceChildren(...steps);
      const dangers = found.pitfalls.map(([pitfall, [severity]]) => {
        const [id, word] = data.severities[severity];
        const label = element("span", word, "severity");
        return element("li", [label, " ", data.pitfalls[pitfall][1]], `is-${id}`);
      });
      one("#live-pitfalls").replaceChildren(...(dangers.length ? dangers : [element("li", text.nothing)]));
      const assumed = questions.filter((q) => found.open.has(q.axis));
      one("#live-assumed").textContent = assumed.length
        ? text.assumed.replace("{}", () => assumed.map((q) => q.told).join(text.and))
        : "";
      for (const question of questions) if (question.field) question.field.hidden = !question.on;
      part.classList.toggle("unchanged", !names.length);
      said.dataset.found = JSON.stringify({
        recommended, aim, weak, close, access,
        fit: found.fit,
        variant: found.played,
        title: found.title,
        lines,
        sure: found.sure,
        steps: found.steps.map((step) => data.steps[step].slice(0, 2)),
        pitfalls: found.pitfalls.map(([pitfall, [n]]) => [
          ...data.pitfalls[pitfall].slice(0, 2), data.severities[n][0],
        ]),
        assumed: assumed.map((q) => q.name),
        sums: figuresOf(found),
      });
    }

    function figuresOf({ sums, main }) {
      return (sums && (sums[2][main] || sums[2][""])) || [];
    }

    function figure([label, value, note, ways]) {
      const rows = ways.map(([name, amount]) =>
        element("span", [element("span", name), " ", element("strong", amount, amount[0] === "-" ? "loss" : "")], "one"),
      );
      const parts = [element("span", label, "label")];
      parts.push(rows.length ? element("span", rows, "by-way") : element("strong", value, "value"));
      if (note) parts.push(element("span", note, "quiet"));
      return element("li", parts, "number");
    }

    // ---- answers that hold for one other answer only, and the address

    const moved = one(".moved", form);
    function reset(question, before) {
      const done = [];
      for (const [name, turns] of Object.entries(question.resets)) {
        const other = byName.get(name);
        if (!other || !other.select) continue;
        const now = other.select.value || before.get(name) || "";
        const home = question.select.value === question.start && turns[other.own] === other.select.value;
        const then = home ? other.start : turns[now];
        if (then === undefined || then === other.select.value) continue;
        other.select.value = then;
        done.push(`${one("label", other.field).textContent}`);
      }
      moved.textContent = done.length ? text.moved.replace("{}", () => done.join(text.and)) : "";
    }
    function current() {
      // The answers as they count before a change: assumed ones too, where the question applies.
      look();
      return new Map(
        questions
          .filter((q) => q.on && q.assumed[0])
          .map((q) => [q.name, (q.select && q.select.value) || q.values[q.assumed[0] - 1]]),
      );
    }
    for (const question of questions) question.own = question.start;
    let before = current();
    for (const question of questions) question.own = question.start || before.get(question.name);

    function address() {
      const pairs = questions
        .filter((q) => q.select && q.select.value !== q.start)
        .map((q) => `${q.name}=${encodeURIComponent(q.select.value)}`);
      return pairs.length ? `#${pairs.join("&")}` : "";
    }
    function read() {
      const hash = location.hash.slice(1);
      const pairs = new Map(
        (hash.includes("=") ? hash : kept.answers && !hash ? kept.answers : "")
          .split("&")
          .filter((pair) => pair.includes("="))
          .map((pair) => [pair.slice(0, pair.indexOf("=")), decoded(pair.slice(pair.indexOf("=") + 1))]),
      );
      for (const { name, select, start, values } of questions) {
        if (!select) continue;
        const value = pairs.get(name);
        select.value = values.includes(value) ? value : start;
      }
      moved.textContent = "";
      show();
      before = current();
      return pairs.size > 0;
    }
    function write() {
      const hash = address();
      kept.answers = hash.slice(1);
      keep();
      try {
        history.pushState(null, "", hash || location.pathname + location.search);
      } catch {
        if (hash) location.hash = hash;
      }
    }
    form.addEventListener("change", (event) => {
      const question = questions.find((q) => q.select === event.target);
      if (question) reset(question, before);
      show();
      before = current();
      write();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const { select, start } of questions) if (select) select.value = start;
      moved.textContent = "";
      show();
      before = current();
      write();
    });
    addEventListener("popstate", () => {
      if (location.hash.includes("=") || !location.hash) {
        if (!location.hash) kept.answers = "";
        read();
      }
    });
    part.hidden = false;
    all(".live-link").forEach((link) => (link.hidden = false));
    const told = read();
    if (told && location.hash.includes("=")) {
      part.open = true;
      part.scrollIntoView();
    }
    reveal();
  }
})();
