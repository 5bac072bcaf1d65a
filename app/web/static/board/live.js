// The day as it is being carried out: looked at again and again, drawn over the plan without touching it.
//
// Bars stand where visits are or will be (live_bars.js), a line in each shows how far it has come; above the
// timeline stand the clocks that run and the patients who will wait.

import { h, icon } from "./dom.js";
import { LiveBars, placeOf, stayKey, widened } from "./live_bars.js";

const LOOK_MS = 15_000;
const LATE_MINUTES = 5;
const MINUTE = 60_000;

export class LiveDay {
  #root;
  #changed;
  #redraw;
  #bars = new LiveBars();
  #day = null;
  #live = null;
  #ahead = 0;
  #timer = 0;
  #turn = 0;

  /**
   * `root`: the section, with `data-url`. `changed()`: alerts are others.
   * `redraw(day)`: draws a day whose axis has become longer.
   */
  constructor(root, { changed, redraw }) {
    this.#root = root;
    this.#changed = changed;
    this.#redraw = redraw;
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    /** Kept when what is known at first is drawn. */
    this.first = this.#look();
  }

  /** Takes the day that was just drawn, and draws what is known of it over it. */
  show(day) {
    this.#day = day;
    this.#bars.still(() => this.#draw());
  }

  /** An answer that comes after a newer look has begun counts for nothing. */
  async #look() {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const before = this.#live;
    try {
      const headers = { Accept: "application/json", ...(before && { "If-None-Match": `"${before.version}"` }) };
      const response = await fetch(this.#root.dataset.url, { headers });
      const live = response.ok ? await response.json() : null;
      if (turn !== this.#turn) return;
      if (live) {
        this.#live = live;
        this.#ahead = Date.parse(this.#live.now) - Date.now();
      }
    } catch {
      // The board says already that the service does not answer.
    }
    this.#draw();
    const alerts = (live) => JSON.stringify(live?.alerts);
    if (before && alerts(before) !== alerts(this.#live)) await this.#changed();
    if (turn === this.#turn && !document.hidden) this.#timer = setTimeout(() => this.#look(), LOOK_MS);
  }

  #now() {
    return Date.now() + this.#ahead;
  }

  #draw() {
    // Where nobody records visits, everybody would seem late.
    if (!this.#live?.in_use || !this.#day) return;
    const stops = this.#live.stops.filter((stop) => stop.in_force || stop.actual.arrived);
    const places = new Map(stops.map((stop) => [stayKey(stop.nurse.id, stop.visit), placeOf(stop, this.#now())]));
    const axis = widened(this.#day.axis, [...places.values()]);
    if (axis) this.#redraw(Object.assign(this.#day, { axis }));
    for (const old of document.querySelectorAll("#timeline .tl-live, #timeline .tl-state")) old.remove();
    if (axis) this.#bars.still(() => this.#bars.show(this.#day, places));
    else this.#bars.show(this.#day, places);
    for (const stop of stops) this.#drawStop(stop);
    for (const key of document.querySelectorAll(".live-key")) key.hidden = false;
    this.#root.hidden = false;
    const held = this.#root.contains(document.activeElement) ? document.activeElement.dataset.choose : null;
    this.#root.querySelector(".live-body").replaceChildren(
      tally(stops),
      this.#list("Monitoring", stops.flatMap((stop) => this.#clock(stop) ?? [])),
      this.#list("Expected later than planned", stops.flatMap((stop) => this.#late(stop) ?? [])),
    );
    if (held) this.#root.querySelector(`[data-choose="${held}"]`)?.focus({ preventScroll: true });
  }

  #drawStop(stop) {
    const row = document.querySelector(`#timeline .tl-row[data-nurse="${stop.nurse.id}"]`);
    const bar = row?.querySelector(`.tl-bar[data-visit="${stop.visit}"]`);
    if (!bar) return;
    const words = stateWords(stop);
    bar.dataset.label ??= bar.getAttribute("aria-label");
    bar.setAttribute("aria-label", [bar.dataset.label, words.full, bar.dataset.live].filter(Boolean).join("; "));
    bar.dataset.state = stop.state.code;
    if (words.short) bar.querySelector(".tl-label").append(h("span", { class: `tl-state ${words.tone}` }, words.short));
    const since = stop.actual.began ?? stop.actual.arrived;
    if (!since) return;
    const { departed } = stop.actual;
    const end = departed ? Date.parse(departed.iso) : this.#now();
    bar.parentElement.append(this.#line("recorded", Date.parse(since.iso), end));
    if (stop.expected && !departed && stop.state.code !== "no_go") {
      bar.parentElement.append(this.#line("expected", end, Date.parse(stop.expected.end.iso)));
    }
  }

  #line(kind, from, to) {
    return h("div", { class: `tl-live ${kind}`, "aria-hidden": "true", style: this.#bars.span(from, to) });
  }

  #list(title, items) {
    return h(
      "section",
      { class: "live-list" },
      h("h3", {}, title, h("span", { class: "badge" }, String(items.length))),
      items.length ? h("ul", { class: "live-items" }, ...items) : h("p", { class: "muted small" }, "None."),
    );
  }

  /** How long a nurse must stay, and when vitals are due. */
  #clock(stop) {
    const { earliest_departure: leave, vitals_due_at: vitals } = stop.clock;
    if (stop.actual.departed || (!leave && !vitals)) return null;
    const parts = [];
    if (leave) {
      const minutes = Math.ceil((Date.parse(leave.iso) - this.#now()) / MINUTE);
      parts.push(minutes > 0 ? `may leave at ${leave.text}, in ${minutes} min` : `may leave since ${leave.text}`);
    }
    if (vitals) {
      const minutes = Math.floor((this.#now() - Date.parse(vitals.iso)) / MINUTE);
      parts.push(minutes > 0 ? `vitals overdue by ${minutes} min` : `vitals due ${vitals.text}`);
    }
    return this.#item(stop, parts.join("; "), parts.some((part) => part.includes("overdue")));
  }

  #late(stop) {
    if (stop.state.code !== "planned" || !stop.in_force || stop.late_minutes < LATE_MINUTES) return null;
    const words = `${stop.expected.arrival.text} instead of ${stop.planned.arrival.text}, ${stop.late_minutes} min late`;
    return this.#item(stop, words, true);
  }

  #item(stop, words, pressing) {
    const name = this.#day.visits[stop.visit]?.patient ?? stop.code;
    return h(
      "li",
      { class: pressing ? "pressing" : "" },
      pressing ? icon("warning") : null,
      h("button", { class: "link", type: "button", data: { choose: stop.visit } }, name),
      h("span", {}, `${stop.nurse.name}: ${words}`),
    );
  }
}

function tally(stops) {
  const counts = new Map();
  for (const stop of stops) counts.set(stop.state.words, (counts.get(stop.state.words) ?? 0) + 1);
  return h("p", { class: "live-tally" }, [...counts].map(([words, count]) => `${count} ${words.toLowerCase()}`).join(" · "));
}

/** What stands on the bar, and what a screen reader says. */
function stateWords(stop) {
  const full = stop.late_minutes >= LATE_MINUTES ? `${stop.state.words}, ${stop.late_minutes} min late` : stop.state.words;
  if (stop.state.code === "departed") return { short: "✓", tone: "good", full };
  if (stop.state.code === "no_go") return { short: "no-go", tone: "bad", full };
  if (stop.late_minutes >= LATE_MINUTES) return { short: `+${stop.late_minutes} min`, tone: "bad", full };
  return { short: stop.state.code === "planned" ? "" : stop.state.words.toLowerCase(), tone: "", full };
}
