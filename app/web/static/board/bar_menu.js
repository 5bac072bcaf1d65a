// The menu of a visit: opened by the right button, by the menu key, or by its button in the panel.

import { h } from "./dom.js";

export class BarMenu {
  #hand;
  #moving;
  #why;
  #root = h("div", { class: "bar-menu", role: "menu", hidden: true });
  #opener = null;

  /** `moving`: a MoveDialog. `why(visit, giver)`: shows why. */
  constructor(hand, moving, why) {
    this.#hand = hand;
    this.#moving = moving;
    this.#why = why;
    document.body.append(this.#root);
    document.addEventListener("pointerdown", (event) => this.#root.contains(event.target) || this.close());
    this.#root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Opens at a point of the window for a visit; `giver` as in MoveDialog. */
  open(visit, giver, x, y) {
    this.#opener = document.activeElement;
    const { pinned, pinned_start: start, served } = this.#hand.day.visits[visit];
    const entries = [
      ["Move to …", () => this.#moving.open(visit, giver)],
      served && !(pinned && start) && ["Pin nurse and start", () => this.#hand.pin(visit, "start")],
      served && !(pinned && !start) && ["Pin the nurse", () => this.#hand.pin(visit, "nurse")],
      pinned && ["Unpin", () => this.#hand.pin(visit, "nothing")],
      [served ? "Why here?" : "Why has it no nurse?", () => this.#why(visit, giver)],
      served && ["Leave it without a nurse", () => this.#hand.leaveOut(visit)],
    ].filter(Boolean);
    this.#root.replaceChildren(
      ...entries.map(([text, act]) =>
        h(
          "button",
          {
            type: "button",
            role: "menuitem",
            onclick: () => {
              this.close();
              act();
            },
          },
          text,
        ),
      ),
    );
    this.#root.hidden = false;
    const { width, height } = this.#root.getBoundingClientRect();
    this.#root.style.setProperty("left", `${Math.max(4, Math.min(x, window.innerWidth - width - 4))}px`);
    this.#root.style.setProperty("top", `${Math.max(4, Math.min(y, window.innerHeight - height - 4))}px`);
    this.#root.firstChild.focus();
  }

  close() {
    if (this.#root.hidden) return;
    const held = this.#root.contains(document.activeElement);
    this.#root.hidden = true;
    if (held) this.#opener?.focus({ preventScroll: true });
  }

  #key(event) {
    const entries = [...this.#root.children];
    const at = entries.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (next !== undefined) entries.at(next % entries.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
