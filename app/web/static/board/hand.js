// Changes by hand: asks the service, shows what it says, and lets nothing be overwritten unseen.
//
// Every request carries the plan and revision that this page shows. Where they are old, the page is brought up to
// date, says what has changed, and offers the same action once more.

import { h } from "./dom.js";

export class Hand {
  #url;
  #note;
  #refresh;
  #day = null;

  /** `url`: the day's address. `note`: a Note. `refresh()`: brings the page up to date. */
  constructor(url, note, refresh) {
    this.#url = url;
    this.#note = note;
    this.#refresh = refresh;
  }

  /** Takes over the day as it is shown. */
  show(day) {
    this.#day = day;
  }

  /** Whether visits may be moved in what is shown. */
  get movable() {
    return Boolean(this.#day?.movable);
  }

  get day() {
    return this.#day;
  }

  /** Where the visit could go, the best place first. `giver`: of a visit with several nurses, whose stay it is. */
  async places(visit, giver, signal) {
    return (await this.#get(`places/${visit}`, { giver }, signal)).places;
  }

  /** What a move would be; nothing is changed. */
  check(visit, target, signal) {
    return this.#get(`check/${visit}`, target, signal);
  }

  /** Why the visit is where it is, or why it is nowhere. */
  why(visit, giver) {
    return this.#get(`why/${visit}`, { giver });
  }

  /** Moves a visit: `target` is {nurse, start, giver, keep, reason}. */
  move(visit, target) {
    return this.#weighed(`move/${visit}`, target, this.#title(visit, target));
  }

  leaveOut(visit, fields = {}) {
    return this.#weighed(`leave-out/${visit}`, fields, `${this.#code(visit)} without a nurse`);
  }

  pin(visit, keep) {
    const said = { start: "pinned to nurse and start", nurse: "pinned to its nurse", nothing: "unpinned" };
    const shown = this.#day.visits[visit];
    const made = () => Object.assign(shown, { pinned: keep !== "nothing", pinned_start: keep === "start" });
    return this.#plain(`pin/${visit}`, { keep }, `${shown.code} ${said[keep]}`, made);
  }

  undo() {
    return this.#plain("undo", {}, "Undone");
  }

  redo() {
    return this.#plain("redo", {}, "Done again");
  }

  async #weighed(path, fields, title) {
    const answer = await this.#post(path, fields, () => this.#weighed(path, fields, title));
    if (!answer) return false;
    if (answer.made) {
      this.#note.made(`${title}${answer.start && !fields.start ? `, ${answer.start.text}` : ""}`, answer, () => this.undo());
      await this.#refresh();
    } else if (answer.outcome === "needs_reason") {
      this.#note.askReason(title, answer, (reason) => this.#weighed(path, { ...fields, reason }, title));
    } else {
      this.#note.refused(title, answer.refusals);
    }
    return answer.made;
  }

  /** `made()`: what the page knows by itself once it is done. */
  async #plain(path, fields, title, made = () => {}) {
    const answer = await this.#post(path, fields, () => this.#plain(path, fields, title, made));
    if (!answer) return false;
    made();
    this.#note.made(answer.words ? `${title}: ${answer.words}` : title, {}, null);
    await this.#refresh();
    return true;
  }

  async #get(path, fields, signal) {
    const response = await fetch(`${this.#url}/${path}?${new URLSearchParams(this.#fields(fields))}`, {
      headers: { Accept: "application/json" },
      signal,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error ?? String(response.status));
    return answer;
  }

  async #post(path, fields, again) {
    let response;
    let answer;
    try {
      response = await fetch(`${this.#url}/${path}`, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
        },
        body: JSON.stringify(this.#fields(fields)),
      });
      answer = await response.json();
    } catch {
      this.#note.refused("Nothing is changed", ["Rounds does not answer. Try again in a moment."]);
      return null;
    }
    if (response.ok) {
      // What comes next is done on what this has made, even before the page is drawn anew.
      if (answer.made) Object.assign(this.#day, { plan: answer.plan, revision: answer.revision });
      return answer;
    }
    if (answer.stale) {
      await this.#refresh();
      this.#note.stale(answer.changes, again);
    } else {
      this.#note.refused("Nothing is changed", [answer.error]);
    }
    return null;
  }

  #fields(fields) {
    const given = Object.entries({ plan: this.#day.plan, revision: this.#day.revision, ...fields });
    return Object.fromEntries(given.filter(([, value]) => value !== null && value !== undefined && value !== ""));
  }

  #code(visit) {
    return this.#day.visits[visit].code;
  }

  #title(visit, target) {
    const nurse = this.#day.nurses.find((each) => each.id === target.nurse);
    return `${this.#code(visit)} to ${nurse?.name ?? "another nurse"}${target.text ? `, ${target.text}` : ""}`;
  }
}

/** A verdict in a few words, for a row or the pointer: "+$12", "needs a reason", or why not. */
export function shortly(verdict) {
  if (verdict.outcome === "accepted") return verdict.price;
  if (verdict.outcome === "needs_reason") return `${verdict.price}, needs a reason`;
  return verdict.refusals[0];
}

/** All that a verdict says, as a list; null where it says nothing. */
export function inFull(verdict) {
  const lines = [
    ...(verdict.refusals ?? []),
    ...(verdict.exceptions ?? []),
    ...(verdict.moves_along ?? []),
    ...(verdict.costs ?? []),
  ];
  return lines.length ? h("ul", { class: "hand-lines" }, ...lines.map((line) => h("li", {}, line))) : null;
}
