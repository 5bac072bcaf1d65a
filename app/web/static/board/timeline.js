// The timeline: a row for each nurse, a bar for each stop, the bar's strip showing its phases.
//
// One tab stop for the whole; arrow keys walk between bars and rows, Enter chooses (docs/adr/0002-timeline.md).

import { h, icon } from "./dom.js";
import { neighbour } from "./timeline_keys.js";
import { Tip } from "./tip.js";

const PHASES = {
  arrival: "arrival and vitals",
  iv_start: "IV start",
  infusion: "infusion",
  monitoring: "monitoring",
  discharge: "discharge",
};

export class Timeline {
  #root;
  #selection;
  #tip = new Tip();
  #day = null;
  #origin = 0;
  #span = 1;
  #rows = new Map();
  #bars = new Map();
  #marked = { visit: null, nurse: null };

  /** `root`: an empty element that scrolls. */
  constructor(root, selection) {
    this.#root = root;
    this.#selection = selection;
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    for (const type of ["pointerover", "focusin"]) root.addEventListener(type, (event) => this.#point(event));
    for (const type of ["pointerleave", "focusout"]) root.addEventListener(type, () => this.#unpoint());
    root.addEventListener("scroll", () => this.#tip.hide(), { passive: true });
    selection.addEventListener("change", (event) => this.#mark(event.detail.by !== this));
    setInterval(() => this.#moveNow(), 30_000);
  }

  /** Draws a day; a second call draws it anew and keeps scroll position and focus. */
  show(day) {
    const kept = { left: this.#root.scrollLeft, top: this.#root.scrollTop, focus: this.#focusKey() };
    this.#day = day;
    this.#origin = Date.parse(day.axis.start.iso);
    this.#span = Date.parse(day.axis.end.iso) - this.#origin;
    this.#rows.clear();
    this.#bars.clear();
    this.#marked = { visit: null, nurse: null };
    const rows = day.nurses.map((nurse) => this.#row(nurse));
    this.#root.style.setProperty("--hours", String(day.axis.hours.length - 1));
    this.#root.replaceChildren(
      this.#head(),
      h("ol", { class: "tl-rows", "aria-label": "Nurses" }, ...rows, ...this.#ties(), this.#nowLine()),
    );
    this.#setTabStop(this.#root.querySelector(".tl-bar, .tl-name"));
    this.#mark(false);
    this.#root.scrollTo(kept.left, kept.top);
    if (kept.focus) this.#root.querySelector(kept.focus)?.focus({ preventScroll: true });
  }

  #percent(instant) {
    return ((Date.parse(instant.iso) - this.#origin) / this.#span) * 100;
  }

  #place(start, end) {
    const from = Math.max(0, this.#percent(start));
    const to = Math.min(100, this.#percent(end));
    return { left: `${from}%`, width: `${Math.max(0, to - from)}%` };
  }

  #head() {
    const hours = this.#day.axis.hours.map((hour) =>
      h("span", { class: "tl-hour", style: { left: `${this.#percent(hour)}%` } }, hour.text),
    );
    return h(
      "div",
      { class: "tl-head", "aria-hidden": "true" },
      h("div", { class: "tl-corner" }, `${this.#day.nurses.length} nurses`),
      h("div", { class: "tl-axis" }, ...hours),
    );
  }

  #row(nurse) {
    const track = h(
      "div",
      { class: "tl-track" },
      h("div", { class: "tl-shift", style: this.#place(nurse.shift.start, nurse.shift.end) }),
      nurse.overtime &&
        h("div", {
          class: "tl-overtime",
          title: nurse.overtime.text,
          style: this.#place(nurse.overtime.start, nurse.overtime.end),
        }),
      ...nurse.drives.map((drive) =>
        h("div", { class: "tl-drive", title: drive.text, style: this.#place(drive.start, drive.end) }),
      ),
      nurse.break &&
        h("div", {
          class: "tl-break",
          title: nurse.break.text,
          style: this.#place(nurse.break.start, nurse.break.end),
        }),
      ...nurse.stops.map((stop) => this.#bar(nurse, stop)),
    );
    const row = h("li", { class: "tl-row", data: { nurse: nurse.id } }, this.#name(nurse), track);
    this.#rows.set(nurse.id, row);
    return row;
  }

  #name(nurse) {
    const load = nurse.overtime ? `${nurse.load}, ${nurse.overtime.text}` : nurse.load;
    return h(
      "button",
      {
        class: "tl-name",
        type: "button",
        tabindex: "-1",
        "aria-pressed": "false",
        title: `${nurse.name}, ${nurse.shift.text}${load && `: ${load}`}`,
      },
      h("span", { class: `nurse-number colour-${nurse.colour}` }, String(nurse.number)),
      h(
        "span",
        { class: "tl-who" },
        h("span", { class: "tl-who-name" }, nurse.name),
        h("span", { class: "tl-who-load" }, load || nurse.shift.text),
      ),
    );
  }

  #bar(nurse, stop) {
    const visit = this.#day.visits[stop.visit];
    const pair = visit.staff > 1;
    const marks = [
      visit.priority === "urgent" && icon("warning"),
      pair && icon("nurses"),
      stop.hand_over && icon("hand-over"),
      visit.pinned && icon("pin"),
      this.#excepted(visit, nurse) && icon("exception"),
    ].filter(Boolean);
    const bar = h(
      "button",
      {
        class: `tl-bar priority-${visit.priority}${visit.withdrawn ? " withdrawn" : ""}`,
        type: "button",
        tabindex: "-1",
        "aria-pressed": "false",
        "aria-label": barLabel(nurse, stop, visit, this.#excepted(visit, nurse)),
        data: { visit: visit.id },
        style: this.#place(stop.start, stop.end),
      },
      h("span", { class: "tl-label" }, ...marks, h("span", { class: "tl-patient" }, visit.patient)),
      h(
        "span",
        { class: "tl-phases" },
        ...stop.phases.map((phase) =>
          h("span", { class: `phase phase-${phase.kind}`, style: { "flex-grow": String(phase.minutes) } }),
        ),
      ),
    );
    if (!this.#bars.has(visit.id)) this.#bars.set(visit.id, []);
    this.#bars.get(visit.id).push(bar);
    return bar;
  }

  /** Whether a rule is broken with a reason at this visit, or on the nurse's shift. */
  #excepted(visit, nurse) {
    return this.#day.exceptions.some(
      (each) => each.visit === visit.id || (each.visit === null && each.nurse === nurse.id),
    );
  }

  /** Whose stay a bar is, where the visit has several; null where it has one. */
  giver(bar) {
    const several = this.#bars.get(Number(bar.dataset.visit)).length > 1;
    return several ? Number(bar.closest(".tl-row").dataset.nurse) : null;
  }

  // For a visit that is carried over the rows: see lift.js

  get root() {
    return this.#root;
  }

  /** The instant, in milliseconds, at a place of the window. */
  timeAt(x) {
    const box = this.#root.querySelector(".tl-axis").getBoundingClientRect();
    return this.#origin + ((x - box.left) / box.width) * this.#span;
  }

  /** A local time of the day, as the axis shows it. */
  clock(at) {
    const offset = /([+-])(\d\d):(\d\d)$/.exec(this.#day.axis.start.iso);
    const minutes = offset ? (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    const local = new Date(at + minutes * 60_000);
    const hour = local.getUTCHours();
    const minute = String(local.getUTCMinutes()).padStart(2, "0");
    return `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
  }

  /** Whose stay a bar is, from when, and how long, in milliseconds; null for what is no bar. */
  stayOf(element) {
    const row = element.closest(".tl-row");
    if (!row) return null;
    const nurse = Number(row.dataset.nurse);
    const visit = Number(element.dataset.visit);
    const stop = this.#day.nurses.find((each) => each.id === nurse).stops.find((each) => each.visit === visit);
    const start = Date.parse(stop.start.iso);
    return { nurse, start, length: Date.parse(stop.end.iso) - start };
  }

  /** For a visit without a nurse: the first row, and the beginning of its first window. */
  firstWindow(visit) {
    const { windows, minutes } = this.#day.visits[visit];
    const start = windows.length ? Date.parse(windows[0].earliest_start.iso) : this.#origin;
    return { nurse: this.#day.nurses[0].id, start, length: minutes * 60_000 };
  }

  /** The nurse so many rows below this one; the last or first where there are no more. */
  beside(nurse, rows) {
    const at = this.#day.nurses.findIndex((each) => each.id === nurse) + rows;
    return this.#day.nurses[Math.max(0, Math.min(at, this.#day.nurses.length - 1))].id;
  }

  /** Puts a ghost into a row, from one instant to another. */
  showGhost(ghost, nurse, start, end) {
    const row = this.#rows.get(nurse);
    ghost.style.setProperty("left", `${((start - this.#origin) / this.#span) * 100}%`);
    ghost.style.setProperty("width", `${((end - start) / this.#span) * 100}%`);
    const track = row.querySelector(".tl-track");
    if (ghost.parentElement !== track) {
      track.append(ghost);
      row.scrollIntoView({ block: "nearest" });
    }
  }

  /** Says in each row how a visit fits there; an empty list takes the marks away. */
  markRows(places, shortly) {
    for (const old of this.#root.querySelectorAll(".tl-fit")) old.remove();
    for (const row of this.#root.querySelectorAll(".tl-row[data-fit]")) delete row.dataset.fit;
    for (const place of places) {
      const row = this.#rows.get(place.nurse);
      if (!row) continue;
      row.dataset.fit = place.outcome;
      if (place.outcome === "refused" || !place.start) continue;
      const left = `${Math.max(0, this.#percent(place.start))}%`;
      const words = `${place.start.text} · ${shortly(place)}`;
      row.querySelector(".tl-track").append(
        h("span", { class: `tl-fit fit-${place.outcome}`, style: { left } }, words),
      );
    }
  }

  /** A line from the giver's bar to the taker's, as wide as the time in which both are there. */
  #ties() {
    const place = new Map(this.#day.nurses.map((nurse, index) => [nurse.id, index]));
    return this.#day.hand_overs.map((each) => {
      const [from, to] = [place.get(each.giver), place.get(each.taker)];
      const tie = h("li", { class: "tl-tie", "aria-hidden": "true", data: { visit: each.visit } });
      tie.style.setProperty("--at", String(this.#percent(each.begins) / 100));
      tie.style.setProperty("--width", String((this.#percent(each.over) - this.#percent(each.begins)) / 100));
      tie.style.setProperty("--row", String(Math.min(from, to)));
      tie.style.setProperty("--rows", String(Math.abs(from - to)));
      return tie;
    });
  }

  #nowLine() {
    if (!this.#day.now) return null;
    const line = h("li", { class: "tl-now", "aria-hidden": "true", data: { since: performance.now() } });
    line.style.setProperty("--at", `${this.#percent(this.#day.now) / 100}`);
    return line;
  }

  #moveNow() {
    const line = this.#root.querySelector(".tl-now");
    if (!line) return;
    const passed = performance.now() - Number(line.dataset.since);
    const at = (Date.parse(this.#day.now.iso) + passed - this.#origin) / this.#span;
    line.style.setProperty("--at", String(at));
    line.hidden = at < 0 || at > 1;
  }

  // Choosing and pointing

  #click(event) {
    const bar = event.target.closest(".tl-bar");
    const name = event.target.closest(".tl-name");
    if (bar) {
      this.#setTabStop(bar);
      this.#selection.chooseVisit(Number(bar.dataset.visit), this);
    } else if (name) {
      this.#setTabStop(name);
      this.#selection.highlightNurse(Number(name.closest(".tl-row").dataset.nurse), this);
    }
  }

  /** Marks what is chosen; touches only what changes, for there may be hundreds of bars. */
  #mark(reveal) {
    const { visit, nurse } = this.#selection;
    if (this.#marked.visit !== visit) {
      for (const bar of this.#bars.get(this.#marked.visit) ?? []) bar.setAttribute("aria-pressed", "false");
      for (const bar of this.#bars.get(visit) ?? []) bar.setAttribute("aria-pressed", "true");
    }
    if (this.#marked.nurse !== nurse) {
      this.#root.classList.toggle("has-highlight", this.#rows.has(nurse));
      for (const [id, on] of [[this.#marked.nurse, false], [nurse, true]]) {
        this.#rows.get(id)?.classList.toggle("highlight", on);
        this.#rows.get(id)?.firstChild.setAttribute("aria-pressed", String(on));
      }
    }
    for (const tie of this.#root.querySelectorAll(".tl-tie")) {
      tie.classList.toggle("chosen", Number(tie.dataset.visit) === visit);
    }
    this.#marked = { visit, nurse };
    this.#showWindows(visit);
    if (reveal) this.#reveal(this.#bars.get(visit)?.[0] ?? this.#rows.get(nurse));
  }

  #reveal(element) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    element?.scrollIntoView({ block: "nearest", inline: "nearest", behavior });
  }

  #point(event) {
    const bar = event.target.closest(".tl-bar");
    if (!bar) {
      this.#unpoint();
      return;
    }
    const visit = this.#day.visits[bar.dataset.visit];
    const nurse = this.#day.nurses.find((each) => String(each.id) === bar.closest(".tl-row").dataset.nurse);
    const stop = nurse.stops.find((each) => each.visit === visit.id);
    this.#tip.show(bar, [
      visit.patient,
      `${stop.text}, ${nurse.name}`,
      ...(bar.dataset.live ? [bar.dataset.live] : []),
      visit.protocol,
      ...(stop.hand_over ? [stop.hand_over] : []),
      ...visit.windows.map((window) => `Window: ${window.text}`),
    ]);
    this.#showWindows(visit.id);
  }

  #unpoint() {
    this.#tip.hide();
    this.#showWindows(this.#selection.visit);
  }

  /** Draws the windows of one visit behind its bars, in each row that has one; null draws none. */
  #showWindows(visit) {
    for (const old of this.#root.querySelectorAll(".tl-window, .tl-over-by")) old.remove();
    for (const bar of this.#bars.get(visit) ?? []) {
      for (const span of this.#day.visits[visit].windows) {
        bar.parentElement.append(
          h("div", { class: "tl-window", style: this.#place(span.earliest_start, span.latest_start) }),
        );
        if (!span.latest_end) continue;
        const at = this.#percent(span.latest_end);
        if (at >= 0 && at <= 100) bar.parentElement.append(h("div", { class: "tl-over-by", style: { left: `${at}%` } }));
      }
    }
  }

  // Keyboard

  #key(event) {
    const here = event.target.closest(".tl-bar, .tl-name");
    const there = here && neighbour(here, event.key);
    if (!there) return;
    event.preventDefault();
    this.#setTabStop(there);
    there.focus({ preventScroll: true });
    this.#reveal(there);
  }

  #setTabStop(element) {
    this.#root.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    element?.setAttribute("tabindex", "0");
  }

  #focusKey() {
    const held = document.activeElement;
    if (!held || !this.#root.contains(held)) return null;
    const row = `.tl-row[data-nurse="${held.closest(".tl-row")?.dataset.nurse}"]`;
    return held.dataset.visit ? `${row} .tl-bar[data-visit="${held.dataset.visit}"]` : `${row} .tl-name`;
  }
}

function barLabel(nurse, stop, visit, excepted) {
  const phases = stop.phases.map((phase) => `${PHASES[phase.kind] ?? phase.kind} ${phase.minutes} min`).join(", ");
  const notes = [
    visit.priority === "routine" ? "" : visit.priority,
    visit.staff > 1 ? "two nurses" : "",
    stop.hand_over,
    visit.pinned ? (visit.pinned_start ? "pinned" : "pinned to its nurse") : "",
    excepted ? "with an exception" : "",
    visit.withdrawn ? "no longer booked" : "",
  ].filter(Boolean);
  return [`${visit.patient}, ${stop.text}, ${nurse.name}, stop ${stop.position}`, ...notes, phases].join("; ");
}
