// Hand-overs as ties between two rows, also while some rows are hidden: then a stub says with whom.

import { h } from "./dom.js";

/** Places the ties of `day`, as the timeline has drawn it, among the rows of `found.nurses`; null: all rows. */
export function placeTies(day, found) {
  if (!day) return;
  const order = new Map(day.nurses.map((nurse, index) => [nurse.id, index]));
  const shown = day.nurses.filter((nurse) => !found || found.nurses.has(nurse.id));
  const rows = new Map(shown.map((nurse, index) => [nurse.id, index]));
  for (const { visit, giver, taker } of day.hand_overs) {
    const tie = document.querySelector(`#timeline .tl-tie[data-visit="${visit}"]`);
    const [from, to] = [rows.get(giver), rows.get(taker)];
    tie.hidden = from === undefined && to === undefined;
    const stub = (from === undefined) !== (to === undefined);
    tie.classList.toggle("stub", stub);
    tie.replaceChildren();
    if (tie.hidden) continue;
    if (!stub) {
      reach(tie, Math.min(from, to), Math.abs(from - to));
      continue;
    }
    const [here, away] = to === undefined ? [giver, taker] : [taker, giver];
    const up = order.get(away) < order.get(here);
    reach(tie, up ? rows.get(here) - 0.5 : rows.get(here), 0.5);
    const name = day.nurses[order.get(away)].name;
    tie.append(h("span", { class: "tl-tie-name" }, `${away === taker ? "to" : "from"} ${name}`));
  }
}

/** From the middle of one row over so many more. */
function reach(tie, row, rows) {
  tie.style.setProperty("--row", String(row));
  tie.style.setProperty("--rows", String(rows));
}
