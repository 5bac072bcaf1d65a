// The side panel: one visit in full, fetched when it is chosen.

import { h, icon } from "./dom.js";

export class Panel {
  #root;
  #url;
  #selection;
  #opener = null;
  #visit = null;
  #loading = null;
  #tools;

  /**
   * `root`: the panel's element. `url(visit)`: where the visit's details are. `tools(visit)`: what else is offered
   * for it, as elements.
   */
  constructor(root, url, selection, tools = () => []) {
    this.#tools = tools;
    this.#root = root;
    this.#url = url;
    this.#selection = selection;
    selection.addEventListener("change", () => this.#follow());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.close();
    });
  }

  /** Closes the panel and ends the highlight; the focus goes back to what opened it. */
  close() {
    if (this.#root.contains(document.activeElement)) this.#opener?.focus({ preventScroll: true });
    this.#selection.chooseVisit(null, this);
    this.#selection.highlightNurse(null, this);
  }

  /** Fetches the shown visit once more, after the plan has changed. */
  async reload() {
    if (this.#visit !== null) await this.#load(this.#visit);
  }

  #follow() {
    const { visit } = this.#selection;
    if (visit === this.#visit) return;
    this.#visit = visit;
    this.#loading?.abort();
    this.#root.hidden = visit === null;
    if (visit === null) return;
    if (!this.#root.contains(document.activeElement)) this.#opener = document.activeElement;
    this.#root.replaceChildren(h("p", { class: "panel-wait", role: "status" }, "Loading the visit …"));
    this.#load(visit);
  }

  async #load(visit) {
    const loading = new AbortController();
    this.#loading = loading;
    let content;
    try {
      const response = await fetch(this.#url(visit), {
        headers: { Accept: "application/json" },
        signal: loading.signal,
      });
      if (!response.ok) throw new Error(String(response.status));
      content = this.#content(await response.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      content = [this.#head("Visit"), h("p", { role: "alert" }, "The visit could not be loaded. Choose it again.")];
    }
    if (this.#visit === visit) this.#root.replaceChildren(...content);
  }

  #head(title, code = "", badges = []) {
    return h(
      "header",
      { class: "panel-head" },
      h(
        "div",
        {},
        h("h2", {}, title),
        h(
          "p",
          { class: "panel-badges" },
          h("span", { class: "panel-code" }, code),
          ...badges.map((each) => h("span", { class: `badge ${each.tone}` }, each.text)),
        ),
      ),
      h(
        "button",
        { class: "icon-button panel-close", type: "button", "aria-label": "Close the visit", onclick: () => this.close() },
        icon("close"),
      ),
    );
  }

  #content(visit) {
    return [
      this.#head(visit.patient, visit.code, visit.badges),
      visit.reason && reasons(visit),
      ...this.#tools(visit),
      visit.hand_over && h("p", { class: "panel-hand-over" }, icon("hand-over"), h("span", {}, visit.hand_over)),
      visit.stops.length > 0 && this.#stay(visit.stops),
      facts([
        ["Protocol", visit.protocol],
        ["Window", visit.windows],
        ["Credentials", visit.credentials],
        ["Pinned", visit.pinned],
        ["Prefers", visit.preferred],
        ["Never", visit.barred],
        ["Address", visit.address],
        ["Access", visit.access_notes],
        ["Telephone", visit.phone && h("a", { href: `tel:${visit.phone.replace(/[^+\d]/g, "")}` }, visit.phone)],
        ["Notes", visit.notes],
      ]),
      h("p", {}, h("a", { class: "button button-small", href: visit.record }, "Change or cancel the visit")),
    ].filter(Boolean);
  }

  /** Who comes when, and the phases; once where two nurses go through them together. */
  #stay(stops) {
    const together = stops.every((stop) => stop.text === stops[0].text);
    return h(
      "section",
      { class: "panel-stay" },
      ...stops.flatMap((stop, index) => [
        this.#nurse(stop),
        h(
          "p",
          { class: "panel-arrival" },
          h("strong", {}, `Arrives ${stop.arrival}`),
          ` after ${stop.drive} of driving${stop.wait && `, waits ${stop.wait}`}`,
        ),
        (!together || index === stops.length - 1) && phases(stop),
      ]).filter(Boolean),
    );
  }

  #nurse(stop) {
    const place = `stop ${stop.position} of ${stop.of}${stop.standing && `, ${stop.standing}`}`;
    return h(
      "button",
      { class: "panel-nurse", type: "button", onclick: () => this.#selection.highlightNurse(stop.nurse_id, this) },
      h("span", { class: `nurse-number colour-${stop.colour}` }, String(stop.number)),
      h("span", {}, stop.nurse),
      h("span", { class: "panel-note" }, place),
    );
  }
}

function phases(stop) {
  return h(
    "ol",
    { class: "panel-phases" },
    ...stop.phases.map((phase) =>
      h(
        "li",
        {},
        h("span", { class: `swatch phase-${phase.kind}` }),
        h("span", {}, phase.label),
        h("span", { class: "panel-note" }, phase.minutes),
        h("time", {}, phase.text),
      ),
    ),
  );
}

function facts(pairs) {
  const filled = pairs.filter(([, value]) => value && value.length !== 0);
  return h(
    "dl",
    { class: "panel-facts" },
    ...filled.flatMap(([name, value]) => [
      h("dt", {}, name),
      ...(Array.isArray(value) ? value : [value]).map((each) => h("dd", {}, each)),
    ]),
  );
}

function reasons(visit) {
  return h(
    "section",
    { class: "panel-reason" },
    h("p", {}, visit.reason),
    visit.details.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, `Nurse by nurse (${visit.details.length})`),
        h("ul", {}, ...visit.details.map((each) => h("li", {}, h("strong", {}, each.nurse), ` ${each.why}`))),
      ),
  );
}
