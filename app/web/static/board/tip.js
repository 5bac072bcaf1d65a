// A small card beside what is pointed at. For the eye only: the same words are in the element's own label.

import { h } from "./dom.js";

const GAP = 8;

export class Tip {
  #card = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });

  constructor() {
    document.body.append(this.#card);
  }

  /** Shows `lines` above `anchor`, or below it where there is no room; the first line is the heading. */
  show(anchor, lines) {
    this.#card.replaceChildren(...lines.map((line, index) => h(index ? "span" : "strong", {}, line)));
    this.#card.hidden = false;
    const box = anchor.getBoundingClientRect();
    const { width, height } = this.#card.getBoundingClientRect();
    const left = Math.max(GAP, Math.min(box.left, window.innerWidth - width - GAP));
    const top = box.top - height - GAP < GAP ? box.bottom + GAP : box.top - height - GAP;
    this.#card.style.setProperty("left", `${left}px`);
    this.#card.style.setProperty("top", `${top}px`);
  }

  hide() {
    this.#card.hidden = true;
  }
}
