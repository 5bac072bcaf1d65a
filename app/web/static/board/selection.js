// What the dispatcher has chosen: one visit, and one nurse whose route stands out. All views listen to "change".

export class Selection extends EventTarget {
  visit = null;
  nurse = null;

  /** Chooses a visit, or none with null. `by`: the view that did it, so that it need not move itself. */
  chooseVisit(visit, by = null) {
    if (visit === this.visit) return;
    this.visit = visit;
    this.#tell(by);
  }

  /** Lets one nurse stand out; the same nurse again, or null, ends it. */
  highlightNurse(nurse, by = null) {
    this.nurse = nurse === this.nurse ? null : nurse;
    this.#tell(by);
  }

  #tell(by) {
    this.dispatchEvent(new CustomEvent("change", { detail: { by } }));
  }
}
