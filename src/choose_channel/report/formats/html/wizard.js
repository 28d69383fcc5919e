// Asks the questions and shows the result; what it says is looked up (see wizard_lookup.js) and
// drawn (see wizard_result.js).

// ---- where a person is: the place and the answers, as they stand in the address

const main = document.getElementById("main");
const REVIEW = "/review";
const RESULT = "/result";
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

const parsed = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
const ready = (async () => {
  if (!("DecompressionStream" in window)) throw new Error("old");
  await parsed; // the results come after this script
  const packed = JSON.parse(document.getElementById("packed").textContent);
  [data, tables] = await Promise.all([asData(packed.data), unpacked(packed.results)]);
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

/** The texts of a question for who has given these answers. The first is asked before there are
 * tables. */
function worded(axis) {
  const other = tables && `worded ${questions[axis].id}` in tables;
  const number = other ? find(`worded ${questions[axis].id}`, situation(given).cell) : -1;
  return { ...text(axis), ...text(axis).others[number] };
}

// ---- reading a number

const SCALE = { k: 1e3, w: 1e4, m: 1e6, 千: 1e3, 万: 1e4, 萬: 1e4 };
const CODES = "rmb|cny|yuan|eur|gbp|hkd|jpy|vnd|thb|sgd|myr|idr|php|brl|mxn";
const OTHER = new RegExp(`[¥€£₫฿₱₩₹]|${CODES}|人民币|元|块|港币|英镑`);

/** The number that a text means, as `value`; else why it cannot be taken, as `refused`. It reads
    nothing but what answers/parse.py reads, and means the same by it. */
function read(axis, raw) {
  const { whole, cents, digits: only, above, minimum, maximum } = questions[axis].limits;
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
  if (only && !/^[1-9]\d*$/.test(rest)) return refused("not_a_number");
  const isGrouped = /^[-+]?[1-9]\d{0,2}((,\d{3})+|(['’]\d{3})+|( \d{3})+)(\.\d*)?$/.test(digits);
  const hasComma = !isGrouped && /^[-+]?\d+,\d+$/.test(digits);
  if (!isGrouped && !hasComma && !/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(digits)) {
    return refused("not_a_number");
  }
  if (whole && /^\d{1,3}(\.\d{3})+$/.test(rest)) return refused("not_whole");
  const plain = hasComma ? digits.replace(",", ".") : digits.replace(/[,'’ ]/g, "");
  const [units, part = ""] = plain.split(".");
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
  change.textContent = book.phrases[other]["page_language"];
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
  const isOld = error?.message === "old";
  if (!isOld) reportError(error);
  const key = isOld ? "page_old" : "page_broken";
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
  const { title, help } = worded(axis);
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
    const [label, detail] = worded(axis).options[name] ?? [phrase("unknown_answer"), ""];
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
  const { id, assumed } = questions[axis];
  const { whole, cents } = questions[axis].limits;
  const problem = h("p", { class: "problem", id: "problem", role: "alert" });
  const field = h("input", {
    type: "text",
    id: "number",
    inputmode: whole ? "numeric" : "decimal",
    autocomplete: "off",
    enterkeyhint: "next",
    maxlength: "40",
    "aria-label": worded(axis).title,
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
        {
          type: "button",
          class: "option unsure",
          "data-value": UNKNOWN,
          onclick: () => take(id, UNKNOWN),
        },
        h("span", { class: "label" }, phrase("unknown_answer")),
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
      h("ul", {}, some.slice(0, MOST_REASONS).map((one) => h("li", {}, reason(axis, one)))),
    );
    if (some.length > MOST_REASONS) {
      inside.append(h("p", {}, phrase("ask_why_more", { count: some.length - MOST_REASONS })));
    }
  };
  const details = h("details", { class: "why" }, h("summary", {}, phrase("page_why")), inside);
  details.addEventListener("toggle", () => details.open && fill());
  return details;
}

const signed = (points) => `${points > 0 ? "+" : "-"}${Math.abs(points)}`;

const MOST_ANSWERS = 2;

/** An entry in words, after the answers that bring it about, where these are few. */
function reason(axis, { kind, number, bands }) {
  const answers = questions[axis].options
    .filter(([, band]) => bands.includes(band))
    .map(([name]) => answerText(axis, name));
  const words = entryText(kind, number);
  if (!answers.length || answers.length > MOST_ANSWERS) return words;
  return phrase("ask_why_answer", { answers: listing(answers), text: words });
}

function entryText(kind, number) {
  const { channels, gates, rules, pitfalls } = texts[lang];
  if (kind === "gate") {
    const shut = listing(data.gates[number].channels.map((one) => channels[one][1]));
    return phrase("ask_why_gate", { channels: shut, because: gates[number] });
  }
  if (kind === "pitfall") return phrase("ask_why_pitfall", { title: pitfalls[number][0] });
  const points = data.rules[number].points
    .map((count, one) => count && `${channels[one][1]} ${signed(count)}`)
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

// ---- what a person does with the result

/** The answers as a file that the program takes. */
function answersFile() {
  const { used } = situation(given);
  const file = {};
  for (const axis of used) {
    const { id, options } = questions[axis];
    if (!given.has(id)) continue;
    const value = given.get(id);
    const option = options.find(([name]) => name === value);
    file[id] = value === UNKNOWN ? value : option ? option[2] : JSON.parse(value);
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
addEventListener("afterprint", () =>
  folds().forEach((one) => {
    one.open = Boolean(one.dataset.open);
  }),
);

document.getElementById("language").addEventListener("click", () => {
  lang = languages.find((one) => one !== lang);
  document.documentElement.lang = book.tags[lang];
  move(true);
  show(false);
  document.getElementById("language").focus();
});

addEventListener("popstate", async (event) => {
  const spoken = lang;
  arrive();
  if (event.state) lang = spoken; // Back keeps a language that was switched since
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
  const kept = localStorage.getItem(`ticked ${book.digest}`);
  JSON.parse(kept ?? "[]").forEach((one) => ticked.add(one));
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
  if (!isFresh) {
    sensible();
    move(true);
    show(false);
  }
  document.body.dataset.ready = "1";
} catch (error) {
  broken(error);
}
