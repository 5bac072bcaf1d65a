// What the panel offers for the chosen visit: move it, pin it, ask why; and what was accepted for it.

import { h, icon } from "./dom.js";

/** The parts of the panel for a visit. `act`: {hand, moving, why}. */
export function handTools(visit, act) {
  const { hand, moving, why } = act;
  const shown = hand.day?.visits[visit.id];
  if (!shown) return [];
  const accepted = exceptions(hand.day, shown);
  if (!hand.movable) return [accepted].filter(Boolean);
  const pinned = shown.pinned ? "nothing" : "start";
  return [
    accepted,
    h(
      "div",
      { class: "panel-hand" },
      button("Move to …", () => moving.open(visit.id)),
      (shown.served || shown.pinned) && button(shown.pinned ? "Unpin" : "Pin", () => hand.pin(visit.id, pinned)),
      button(shown.served ? "Why here?" : "Why not?", () => why.show(visit.id)),
    ),
    why.slot(visit.id),
  ].filter(Boolean);
}

function button(text, act) {
  return h("button", { class: "button button-small", type: "button", onclick: act }, text);
}

/** The exceptions at the visit, and on the shifts of its nurses. */
function exceptions(day, visit) {
  const nurses = day.nurses.filter((nurse) => nurse.stops.some((stop) => stop.visit === visit.id));
  const mine = day.exceptions.filter(
    (each) => each.visit === visit.id || (each.visit === null && nurses.some((nurse) => nurse.id === each.nurse)),
  );
  if (!mine.length) return null;
  return h(
    "section",
    { class: "panel-exceptions", "aria-label": "Accepted exceptions" },
    ...mine.map((each) =>
      h("p", {}, icon("exception"), ` ${each.text}.`, h("q", {}, each.reason), h("span", { class: "panel-note" }, each.by)),
    ),
  );
}
