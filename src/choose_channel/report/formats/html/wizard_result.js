// Draws the result: the first screen, and what is folded below it (see wizard.js).

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
    [onAimAlone(found) ? "report_plan_unlock" : "report_plan_unlock_more", found.unlock],
    [safe ? "report_plan_opened" : "report_plan_later", found.later],
  ];
  document.body.dataset.found = JSON.stringify({ ...found, week });
  const parts = [
    drawWeek(week, sources),
    drawWatch(found),
    drawWays(found),
    drawAssumed(found),
    found.money && drawMoney(),
    folded(
      "plan",
      phrase("page_plan"),
      numbered(rest, week.length + 1).map(([title, steps, from]) => [
        h("h3", {}, phrase(title, { channel: found.aim < 0 ? "" : name(found.aim) })),
        drawSteps(steps, from, sources),
      ]),
    ),
    drawReasons(found, sources),
    drawChanges(found),
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
        h(
          "p",
          {},
          sentences([
            sureCount(found),
            found.sureness.questions.length ? drawMatters(found.sureness) : "",
          ]),
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

/** The seller's market, or the one that they change to, as a sentence names it. */
function market({ moves }) {
  const [axis, answers] = data.market;
  const { markets } = texts[lang];
  if (axis < 0) return markets[""];
  const move = moves.find((one) => one.axis === axis);
  const { id, assumed } = questions[axis];
  if (move) return markets[answers[move.band - 1]];
  return markets[known(given, axis) ? given.get(id) : assumed ? assumed[0] : ""];
}

/** Whether all steps that unlock something work on the aim. */
function onAimAlone({ unlock, gates, aim }) {
  const holding = gates.filter((one) => data.gates[one].channels.includes(aim));
  return unlock.every((step) => data.steps[step].unlocks.some((gate) => holding.includes(gate)));
}

const changeText = (one) =>
  one.moves
    .map(({ axis, band }) => texts[lang].changes[axis][band - 1].replaceAll("{market}", market(one)))
    .reduce((first, second) => phrase("and_also", { first, second }));

/** What opens the aim: a change of answers, else the first step that works on its gates. */
function opening(found, byChange, byStep) {
  const ways = found.changes.filter((one) => one.opens.includes(found.aim));
  if (ways.length) {
    const [first, second] = ways
      .filter((one) => one.moves.length === ways[0].moves.length)
      .map(changeText);
    const unlock = second ? phrase("or_else", { first, second }) : first;
    return phrase(byChange, { channel: name(found.aim), unlock });
  }
  const gates = found.gates.filter((one) => data.gates[one].channels.includes(found.aim));
  const plan = [...found.settling, ...found.now, ...found.unlock, ...found.later];
  const step = plan.find((one) => data.steps[one].unlocks.some((gate) => gates.includes(gate)));
  if (step === undefined) return "";
  return phrase(byStep, { channel: name(found.aim), step: texts[lang].steps[step][0] });
}

function sure(found) {
  const { holds, of } = found.sureness;
  const open = found.assumed.length;
  if (!open) return phrase(found.money ? "summary_sure_all_costs" : "summary_sure_all");
  if (holds === of && found.money) return phrase("summary_sure_open_costs");
  const key = holds === of ? "summary_sure_open" : "summary_sure_not";
  return phrase(open === 1 ? `${key}_one` : key, { open });
}

function sureCount({ sureness, assumed }) {
  const { holds, of } = sureness;
  if (holds === of) return "";
  const words = { holds: holds.toLocaleString("en-US"), of: of.toLocaleString("en-US") };
  return phrase(assumed.length === 1 ? "report_sure_one" : "report_sure", words);
}

const naming = (questions) =>
  together(questions.slice(0, book.named).map((axis) => text(axis).short));

function closeness(found) {
  if (!found.close) return "";
  const best = found.fit[found.recommended];
  const near = found.order.filter(
    (one) => !found.access[one] && best - found.fit[one] <= book.closeWithin,
  );
  const words = { channels: together(near.map(name)), points: book.closeWithin };
  if (!found.unsettled.length) return phrase("report_close_plain", words);
  return phrase("report_close", { ...words, names: naming(found.unsettled) });
}

function drawCard(found) {
  const { recommended, aim, weak } = found;
  let look = "verdict";
  let title;
  let said;
  if (aim < 0) {
    look = "warning";
    title = phrase("summary_closed");
    said = [against(found, found.order[0])];
  } else if (recommended < 0 || weak) {
    look = "verdict_weak";
    title = phrase("summary_not_yet", { do: played(found, aim) });
    said = [opening(found, "summary_opens", "summary_opens_step")];
    const until = found.changes.find(
      ({ opens, moves }) =>
        opens.length &&
        !opens.includes(aim) &&
        moves.length === 1 &&
        Math.max(...opens.map((one) => found.fit[one])) >= book.weakBelow,
    );
    if (!weak && until) {
      said.push(
        phrase("summary_until", { channel: named(until.opens), unlock: changeText(until) }),
      );
    }
    if (weak) said.push(phrase("summary_weak", { channel: name(recommended) }));
  } else {
    title = played(found, recommended);
    const good = ledger(found, recommended).find(([, points]) => points > 0);
    const others = found.order.slice(1);
    const onlyWay = others.length > 0 && others.every((one) => ACCESS[found.access[one]] === "closed");
    said = [
      onlyWay ? against(found, others[0]) : "",
      good ? texts[lang].rules[good[0]] : others.length ? against(found, others[0]) : "",
      closeness(found),
      aim === recommended ? "" : opening(found, "summary_better", "summary_better_step"),
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

function drawWeek(week, sources) {
  if (!week.length) return "";
  return h(
    "section",
    { class: "week", "aria-labelledby": "week" },
    h("h2", { id: "week" }, phrase("report_week")),
    drawSteps(week, 1, sources, true),
  );
}

function drawSteps(steps, from, sources, boxes) {
  const level = boxes ? "h3" : "h4";
  const one = (number, place) => {
    const [title, words, { done_when: done, ...others }] = texts[lang].steps[number];
    const details = Object.entries(others).filter(([, words]) => words);
    const mark = boxes
      ? tick(number, title)
      : h("span", { class: "number-of", "aria-hidden": "true" }, String(from + place));
    return h(
      "li",
      { class: boxes && ticked.has(number) ? "step done" : "step" },
      h(level, {}, mark, h("span", {}, title)),
      details.length > 0 &&
        h(
          "p",
          { class: "cost" },
          details.map(([name, text]) => h("span", {}, phrase(`report_step_${name}`, { text }))),
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
  const { pitfalls } = found;
  const first = (test) => pitfalls.find((one) => one.own && test(one));
  const gravest = first((one) => !one.severity) || first((one) => one.main) || first(() => true);
  if (!gravest) return "";
  const [title, , avoid] = texts[lang].pitfalls[gravest.number];
  return h("p", { class: "watch" }, phrase("summary_watch", { title, avoid }));
}

function drawAccess(found, channel) {
  const access = ACCESS[found.access[channel]];
  return h("span", { class: `access ${access}` }, phrase(`access_${access}`));
}

/** How well a way fits; a dash where it is closed, since nobody can choose it. */
function drawFit(found, channel) {
  if (ACCESS[found.access[channel]] === "closed") return h("td", { class: "fit" }, "–");
  const fit = h("span", { class: "fill" });
  fit.style.inlineSize = `${Math.max(0, Math.min(100, found.fit[channel]))}%`;
  return h(
    "td",
    { class: "fit" },
    h("span", { class: "bar", "aria-hidden": "true" }, fit),
    h("b", {}, String(found.fit[channel])),
  );
}

function drawWays(found) {
  const one = (channel) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name(channel)),
      h("td", {}, drawAccess(found, channel)),
      drawFit(found, channel),
    );
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
  const all = found.assumed.length <= MOST_ASSUMED + 1; // to count a single one is no shorter
  const first = all ? found.assumed : found.assumed.slice(0, MOST_ASSUMED);
  const told = (axis) => answerLine(axis, questions[axis].assumed[0], "answer_assumed");
  const answers = listing(first.map(told));
  const count = found.assumed.length - first.length;
  return h(
    "p",
    { class: "quiet" },
    sentences([
      phrase(count ? "summary_assumed_more" : "summary_assumed", { answers, count }),
      found.sureness.questions.length ? drawMatters(found.sureness) : "",
    ]),
  );
}

function drawMatters({ holds, of, questions }) {
  const key = holds === of ? "summary_matters_today" : "summary_matters";
  return phrase(key, { names: naming(questions) });
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
  const now = found.recommended >= 0 && !found.weak;
  const best = now ? found.recommended : found.aim;
  const parts = [];
  if (best >= 0) {
    const key = now ? "report_why" : "report_why_aim";
    const line = ([rule, points]) => {
      const guessed = found.assumed.filter((axis) => data.rules[rule].reads.includes(axis));
      const answers = listing(guessed.map((axis) => answerLine(axis, questions[axis].assumed[0])));
      const mark = guessed.length ? phrase("report_assumed_mark", { answers }) : "";
      const words = sentences([texts[lang].rules[rule], mark]);
      return h(
        "li",
        {},
        h("span", { class: "points" }, signed(points)),
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
    const key = now ? "report_why_not" : "report_why_not_yet";
    const line = (one) =>
      h(
        "li",
        {},
        h("strong", {}, name(one)),
        " ",
        drawAccess(found, one),
        h("p", {}, against(found, one)),
      );
    const list = h("ul", { role: "list", class: "others" }, others.map(line));
    parts.push(h("h3", {}, phrase(key)), list);
  }
  return folded("why", phrase("page_reasons"), parts);
}

/** The names of channels, in quotes where the language wants them. */
const named = (channels) => together(channels.map((one) => phrase("quoted_name", { name: name(one) })));

function drawChanges(found) {
  const line = (one) => {
    const opens = named(one.opens);
    const then = one.recommended;
    const isNew = found.recommended >= 0 ? then !== found.recommended : !one.opens.includes(then);
    const both = one.opens.length === 1 && one.opens[0] === then ? "best" : "both";
    const more = found.recommended >= 0 && found.recommended === found.aim ? "opens_more" : "opens";
    const key = isNew && then >= 0 ? (opens ? both : "then") : more;
    const best = then >= 0 ? name(then) : "";
    const words = { changes: changeText(one), opens, then: best, best };
    return h("li", {}, phrase(`report_change_${key}`, words));
  };
  const list = h("ul", {}, found.changes.map(line));
  return found.changes.length ? folded("changes", phrase("report_change"), list) : "";
}

function drawPitfalls(found, sources) {
  const one = ({ number, severity }, full) => {
    const [title, happens, avoid] = texts[lang].pitfalls[number];
    const grave = SEVERITIES[severity];
    const mark = h("span", { class: "severity" }, phrase(`severity_${grave}`));
    const how = phrase("report_avoid", { text: avoid });
    return h(
      "article",
      { class: `is-${grave}` },
      h(full ? "h3" : "h4", {}, mark, title),
      full && grave !== "note" && h("p", {}, happens),
      h("p", {}, sources.cited(how, data.pitfalls[number].facts)),
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
