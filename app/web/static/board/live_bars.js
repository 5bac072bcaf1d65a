// Bars of a day under way: each stands where its visit was, is or is expected; its planned place stays as an outline.
//
// Drives and hand-overs follow their bars. What was moved by hand in a draft stands where the draft has it, until
// something is recorded of it.

import { h } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const stayKey = (nurse, visit) => `${nurse}/${visit}`;

/**
 * Where the stay of one stop of the live day is: {arrival, start, end} in milliseconds, `begun`, `planned` (its start
 * in the plan in force), the `minutes` of its phases; null where nothing is known. `now`: in milliseconds.
 */
export function placeOf(stop, now) {
  const begun = stop.actual.began ?? stop.actual.arrived;
  const start = stop.expected?.start ?? begun;
  if (!start) return null;
  const end = stop.actual.departed ?? stop.expected?.end;
  return {
    arrival: Date.parse((begun ?? stop.expected.arrival).iso),
    start: Date.parse(start.iso),
    end: Math.max(Date.parse(start.iso) + MINUTE, end ? Date.parse(end.iso) : now),
    begun: Boolean(begun),
    over: Boolean(stop.actual.departed),
    planned: Date.parse(stop.planned.start.iso),
    minutes: stop.minutes,
  };
}

/** The axis with whole hours added, as far as places reach beyond it; null where they do not. */
export function widened(axis, places) {
  const [start, end] = [Date.parse(axis.start.iso), Date.parse(axis.end.iso)];
  const known = places.filter(Boolean);
  const before = Math.ceil((start - Math.min(start, ...known.map((each) => each.start))) / HOUR);
  const after = Math.ceil((Math.max(end, ...known.map((each) => each.end)) - end) / HOUR);
  if (!before && !after) return null;
  const added = (from, count) => Array.from({ length: count }, (_, index) => hourAt(from + index * HOUR, axis));
  const hours = [...added(start - before * HOUR, before), ...axis.hours, ...added(end + HOUR, after)];
  return { start: { ...hours[0] }, end: { ...hours.at(-1) }, hours };
}

/** An hour of the axis, with the offset from UTC of its beginning. */
function hourAt(at, axis) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(axis.start.iso) ?? ["", "+", "00", "00"];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
  const local = new Date(at + offset);
  const hour = local.getUTCHours();
  return {
    iso: `${local.toISOString().slice(0, 19)}${sign}${hours}:${minutes}`,
    text: `${hour % 12 || 12} ${hour < 12 ? "AM" : "PM"}`,
  };
}

export class LiveBars {
  #day = null;
  #places = new Map();

  /** Puts the bars of `day`, as the timeline has drawn it, to their `places` (placeOf by stayKey). */
  show(day, places) {
    this.#day = day;
    this.#places = places;
    for (const old of document.querySelectorAll("#timeline .tl-planned")) old.remove();
    for (const nurse of day.nurses) this.#showRow(nurse);
    for (const each of day.hand_overs) this.#showTie(each);
  }

  /** Runs `draw` without motion: for bars that have just been drawn, and have come from nowhere. */
  still(draw) {
    const timeline = document.getElementById("timeline");
    timeline.classList.add("still");
    draw();
    timeline.getBoundingClientRect(); // settles where they are before motion is allowed again
    timeline.classList.remove("still");
  }

  /** Left edge and width on the axis, from one instant to another, in milliseconds. */
  span(from, to) {
    return { left: `${this.#share(from) * 100}%`, width: `${Math.max(0, this.#share(to) - this.#share(from)) * 100}%` };
  }

  #share(at) {
    const [start, end] = [Date.parse(this.#day.axis.start.iso), Date.parse(this.#day.axis.end.iso)];
    return (Math.min(Math.max(at, start), end) - start) / (end - start);
  }

  /** The stay's place where it is told by the day under way; null where it stands as it is drawn. */
  #place(nurse, stop) {
    const place = this.#places.get(stayKey(nurse.id, stop.visit));
    return place && (place.begun || place.planned === Date.parse(stop.start.iso)) ? place : null;
  }

  #placeOf(id, visit) {
    const nurse = this.#day.nurses.find((each) => each.id === id);
    return this.#place(nurse, nurse.stops.find((stop) => stop.visit === visit));
  }

  #showRow(nurse) {
    const row = document.querySelector(`#timeline .tl-row[data-nurse="${nurse.id}"]`);
    if (!row) return;
    const moved = new Map();
    for (const stop of nurse.stops) {
      const place = this.#place(nurse, stop);
      const bar = row.querySelector(`.tl-bar[data-visit="${stop.visit}"]`);
      if (place) {
        moved.set(stop.arrival.iso, place.arrival);
        moved.set(stop.end.iso, place.end);
      }
      this.#showBar(bar, stop, place);
    }
    const lines = row.querySelectorAll(".tl-drive");
    nurse.drives.forEach((drive, index) => put(lines[index], this.span(...this.#stretch(drive, moved))));
  }

  #showBar(bar, stop, place) {
    const [start, end] = [Date.parse(stop.start.iso), Date.parse(stop.end.iso)];
    put(bar, this.span(place?.start ?? start, place?.end ?? end));
    const minutes = place?.minutes ?? stop.phases.map((phase) => phase.minutes);
    [...bar.querySelectorAll(".phase")].forEach((phase, index) => put(phase, { "flex-grow": String(minutes[index]) }));
    delete bar.dataset.live;
    if (!place || (Math.abs(place.start - start) < MINUTE && Math.abs(place.end - end) < MINUTE)) return;
    const planned = h("div", { class: "tl-planned", "aria-hidden": "true", style: this.span(start, end) });
    bar.parentElement.append(planned);
    const said = place.over ? "was" : place.begun ? "under way" : "expected";
    bar.dataset.live = `${said} ${this.#clock(place.start)} to ${this.#clock(place.end)}, planned ${stop.text}`;
  }

  /** From when to when a drive is, between stays that have moved; as long as planned where one end is open. */
  #stretch(drive, moved) {
    const [start, end] = [Date.parse(drive.start.iso), Date.parse(drive.end.iso)];
    const [leaves, arrives] = [moved.get(drive.start.iso), moved.get(drive.end.iso)];
    if (leaves === undefined && arrives === undefined) return [start, end];
    return [leaves ?? Math.max(start, arrives - (end - start)), arrives ?? leaves + (end - start)];
  }

  #showTie({ visit, giver, taker, begins, over }) {
    const from = this.#placeOf(taker, visit)?.start ?? Date.parse(begins.iso);
    const to = this.#placeOf(giver, visit)?.end ?? Date.parse(over.iso);
    for (const tie of document.querySelectorAll(`#timeline .tl-tie[data-visit="${visit}"]`)) {
      put(tie, { "--at": String(this.#share(from)), "--width": String(Math.max(0, this.#share(to) - this.#share(from))) });
    }
  }

  #clock(at) {
    const hour = hourAt(at, this.#day.axis);
    return hour.text.replace(" ", `:${hour.iso.slice(14, 16)} `);
  }
}

function put(element, style) {
  for (const [name, value] of Object.entries(style)) element?.style.setProperty(name, value);
}
