
"use strict";
// Looks up what was worked out before: no rule is evaluated here.
(async () => {
  const box = document.getElementById("live-data");
  if (!box) return;
  const section = box.closest("section");
  const form = document.getElementById("live-form");
  const said = document.getElementById("live-result");
  const table = document.getElementById("live-table");
  section.hidden = false;
  if (!("DecompressionStream" in window)) {
    document.getElementById("live-old").hidden = false;
    form.hidden = said.hidden = table.hidden = true;
    return;
  }
  const { questions, channels, cells } = JSON.parse(box.textContent);
  const packed = Uint8Array.from(atob(cells), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const selects = [...form.querySelectorAll("select")];
  const size = questions.reduce((product, one) => product * one.bands, 1);
  const count = channels.length;
  const states = ["open", "locked", "closed"];

  function look() {
    const cell = selects.reduce((at, one, n) => at * questions[n].bands + Number(one.value), 0);
    const byte = (plane) => planes[plane * size + cell];
    const fit = channels.map((_, n) => ((byte(2 * n) | (byte(2 * n + 1) << 8)) << 16) >> 16);
    const access = channels.map((_, n) => states[byte(2 * count + n)]);
    const [best, aim, flags] = [0, 1, 2].map((n) => byte(3 * count + n));
    const applies = questions.map((_, n) => (byte(3 * count + 3 + (n >> 3)) >> (n & 7)) & 1);
    return { fit, access, best, aim, weak: flags & 1, close: flags & 2, applies };
  }

  function show() {
    const found = look();
    const text = said.dataset;
    const named = (phrase, n) => phrase.replace("{}", () => channels[n - 1]);
    const now = found.best ? named(found.weak ? text.weak : text.now, found.best) : text.none;
    const aim = found.aim === found.best ? "" : named(text.aim, found.aim);
    const [first, second] = said.querySelectorAll("p");
    first.textContent = found.close ? `${now} ${text.close}` : now;
    first.className = !found.best || found.weak ? "verdict_weak" : "verdict";
    second.textContent = found.aim ? aim : text.noAim;
    [...table.tBodies[0].rows].forEach((row, n) => {
      const [state, fit] = row.cells;
      const cell = row.querySelector(".access");
      cell.className = `access ${found.access[n]}`;
      cell.textContent = table.dataset[found.access[n]];
      row.querySelector("strong").textContent = found.fit[n];
      const width = Math.max(0, Math.min(100, found.fit[n]));
      row.querySelector(".fill").setAttribute("width", width);
    });
    selects.forEach((one, n) => {
      one.disabled = !found.applies[n];
      document.getElementById(`live-off-${n}`).textContent = one.disabled ? text.off : "";
    });
    said.dataset.found = JSON.stringify(found);
  }

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show();
})();
