// "Why here?" and "Why not?": what the service says of a visit's place, in the panel.

import { h } from "./dom.js";

export class Why {
  #hand;
  #selection;
  #slot = null;
  #shown = null;

  constructor(hand, selection) {
    this.#hand = hand;
    this.#selection = selection;
  }

  /** Where the answer for this visit goes; one that was given before is given again after a refresh. */
  slot(visit) {
    this.#slot = h("section", { class: "panel-why", "aria-live": "polite", data: { visit }, hidden: true });
    if (this.#shown === visit) this.#ask(visit);
    else this.#shown = null;
    return this.#slot;
  }

  /** Opens the visit's panel, and answers there. */
  show(visit) {
    this.#shown = visit;
    if (this.#selection.visit === visit && this.#slot?.isConnected) this.#ask(visit);
    else this.#selection.chooseVisit(visit);
  }

  async #ask(visit) {
    const slot = this.#slot;
    slot.hidden = false;
    slot.replaceChildren(h("p", { role: "status" }, "Asking for every nurse …"));
    let answer;
    try {
      answer = await this.#hand.why(visit, null);
    } catch (error) {
      slot.replaceChildren(h("p", { role: "alert" }, error.message));
      return;
    }
    slot.replaceChildren(
      ...[
        h("h3", {}, answer.title),
        ...answer.sentences.map((sentence) => h("p", {}, sentence)),
        answer.wishes.length > 0 && h("p", { class: "label" }, "It would be possible"),
        answer.wishes.length > 0 && h("ul", { class: "hand-lines" }, ...answer.wishes.map((wish) => h("li", {}, wish))),
        answer.places.length > 0 && h("p", { class: "label" }, answer.served ? "Next best" : "Nearest places"),
        answer.places.length > 0 && this.#places(visit, answer.places),
        answer.nurses.length > 0 && nurses(answer.nurses),
      ].filter(Boolean),
    );
    slot.scrollIntoView({ block: "nearest" });
  }

  #places(visit, places) {
    return h(
      "table",
      {},
      ...places.map((place) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, place.name, h("br"), h("span", { class: "panel-note" }, place.start.text)),
          h("td", {}, h("strong", {}, place.price), ...place.lines.map((line) => h("div", {}, line))),
          h(
            "td",
            {},
            h(
              "button",
              {
                class: "button button-small",
                type: "button",
                "aria-label": `Take ${place.name}, ${place.start.text}`,
                onclick: () => this.#hand.move(visit, { nurse: place.nurse }),
              },
              "Take",
            ),
          ),
        ),
      ),
    );
  }
}

function nurses(lines) {
  return h(
    "details",
    {},
    h("summary", {}, `Nurse by nurse (${lines.length})`),
    h("ul", { class: "hand-lines" }, ...lines.map((each) => h("li", {}, h("strong", {}, each.nurse), ` ${each.why}`))),
  );
}
