// Finding visits of the day: by words, nurse, credential and status. What does not match steps back in every view.
//
// Nothing of it goes into an address or to the server: names of patients stay on the page.

import { h } from "./dom.js";

const STATUS = {
  served: (visit) => visit.served,
  unserved: (visit) => !visit.served,
  pinned: (visit) => visit.pinned,
  pressing: (visit) => visit.priority !== "routine",
  shared: (visit) => visit.nurses.length > 1,
  withdrawn: (visit) => visit.withdrawn,
};

export class Finder {
  #form;
  #selection;
  #views;
  #visits = [];
  #nurses = [];
  #found = null;

  /**
   * `form`: the page's finder. `views`: each is called with {visits, nurses} (sets of the ids that are shown), or
   * with null where all are.
   */
  constructor(form, selection, views) {
    this.#form = form;
    this.#selection = selection;
    this.#views = views;
    form.addEventListener("input", () => this.#find());
    form.addEventListener("reset", () => setTimeout(() => this.#find()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#chooseNext();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input, select, textarea, dialog")) return;
      event.preventDefault();
      form.elements.words.focus();
    });
  }

  /** Takes the visits and nurses of a day, and filters what was just drawn as the form says. */
  show(day) {
    const nurses = new Map(Object.keys(day.visits).map((id) => [Number(id), []]));
    for (const nurse of day.nurses) for (const stop of nurse.stops) nurses.get(stop.visit).push(nurse);
    this.#nurses = day.nurses;
    this.#visits = Object.values(day.visits).map((visit) => {
      const those = nurses.get(visit.id);
      const text = plain([visit.patient, visit.code, ...those.map((nurse) => nurse.name)].join(" "));
      return { ...visit, nurses: those.map((nurse) => nurse.id), text };
    });
    const { nurse, credential } = this.#form.elements;
    offer(nurse, day.nurses.map((each) => [String(each.id), each.name]));
    const kinds = [...new Set(this.#visits.flatMap((visit) => visit.credentials))].sort();
    offer(credential, kinds.map((kind) => [kind, kind]));
    this.#find();
  }

  /** Filters what was drawn since as the form says. */
  again() {
    for (const view of this.#views) view(this.#found);
  }

  #find() {
    const { words, nurse, credential, status } = this.#form.elements;
    const parts = plain(words.value).split(/\s+/).filter(Boolean);
    const says = (text) => parts.every((part) => text.includes(part));
    const active = parts.length || nurse.value || credential.value || status.value;
    const matching = this.#visits.filter(
      (visit) =>
        says(visit.text) &&
        (!nurse.value || visit.nurses.includes(Number(nurse.value))) &&
        (!credential.value || visit.credentials.includes(credential.value)) &&
        (!status.value || STATUS[status.value](visit)),
    );
    this.#found = active ? { visits: new Set(matching.map((visit) => visit.id)), nurses: new Set() } : null;
    if (active) {
      const whoever = !credential.value && !status.value;
      for (const each of this.#nurses) {
        const meant = whoever && says(plain(each.name)) && (!nurse.value || Number(nurse.value) === each.id);
        if (meant || matching.some((visit) => visit.nurses.includes(each.id))) this.#found.nurses.add(each.id);
      }
    }
    this.#form.elements.found.value = active ? `${matching.length} of ${this.#visits.length} visits` : "";
    this.#form.querySelector("[type=reset]").hidden = !active;
    this.again();
  }

  /** The next visit found after the chosen one, by time of the day's order. */
  #chooseNext() {
    if (!this.#found?.visits.size) return;
    const ids = [...this.#found.visits];
    this.#selection.chooseVisit(ids[(ids.indexOf(this.#selection.visit) + 1) % ids.length], this);
  }
}

/** Hides the timeline's rows and dims its bars, and hides lines of lists, that are not among `found`. */
export function filterPage(found) {
  const visit = (element) => !found || found.visits.has(Number(element.dataset.visit ?? element.dataset.choose));
  for (const row of document.querySelectorAll("#timeline .tl-row")) {
    row.hidden = Boolean(found) && !found.nurses.has(Number(row.dataset.nurse));
  }
  for (const bar of document.querySelectorAll("#timeline .tl-bar")) bar.classList.toggle("dim", !visit(bar));
  for (const choice of document.querySelectorAll("#unassigned [data-choose], #route-table [data-choose]")) {
    choice.closest("li, tr").hidden = !visit(choice);
  }
  for (const body of document.querySelectorAll("#route-table tbody")) {
    body.hidden = Boolean(found) && !body.querySelector("tr:not(.nurse-line, [hidden])");
  }
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Fills a select below its first option, and keeps what was chosen where it is still there. */
function offer(select, pairs) {
  const kept = select.value;
  select.replaceChildren(select.options[0], ...pairs.map(([value, text]) => h("option", { value }, text)));
  select.value = pairs.some(([value]) => value === kept) ? kept : "";
}
