// What a screen reader is told by itself: results at once, the clock only at moments that matter.

import { _ } from "./text.js";

const MINUTE = 60_000;
const MOMENTS = [30, 15, 10, 5, 1];

const write = (place, words) => {
  document.getElementById(place).textContent = words;
};

export const polite = (words) => write("polite", words);
export const urgent = (words) => write("urgent", words);

let told = null;

/** Tell how long until she may leave, at 30, 15, 10, 5 and 1 minutes, and when she may. */
export function tellClock(visit, left) {
  const moment = left <= 0 ? 0 : (MOMENTS.filter((minutes) => left <= minutes * MINUTE).at(-1) ?? null);
  const key = `${visit} ${moment}`;
  if (key === told) return;
  const first = told?.split(" ")[0] !== String(visit);
  told = key;
  if (first || moment === null) return;
  polite(moment ? _("{minutes} minutes until you may leave", { minutes: moment }) : _("You may leave now"));
}
