// A visit picked up from its bar or from the list, by mouse, finger or keys, and carried to another nurse and time.
//
// A finger lifts it by resting on it for a moment, so that swiping still scrolls; let go at once, its menu opens.
// Every row says at once how the visit would fit there; where it is held, the service says what a drop would be.

import { h } from "./dom.js";
import { shortly } from "./hand.js";
import { visitAt } from "./hand_keys.js";

const MINUTE = 60_000;
const STEP = 5 * MINUTE;
const THRESHOLD = 5;
const ASK_AFTER = 80;
const EDGE = 36;
const REST_MS = 350;
const FINGER_MOVES = 10;

export class Lift {
  #timeline;
  #hand;
  #said;
  #openMenu;
  #held = null;
  #pressed = null;

  /** `said`: an element that is read out. `openMenu(here, x, y)`: for what a finger has rested on. */
  constructor(board, timeline, hand, said, openMenu) {
    this.#timeline = timeline;
    this.#hand = hand;
    this.#said = said;
    this.#openMenu = openMenu;
    board.addEventListener("pointerdown", (event) => this.#press(event));
    // A second finger neither carries nor drops.
    document.addEventListener("pointermove", (event) => event.isPrimary && this.#drag(event));
    document.addEventListener("pointerup", (event) => event.isPrimary && this.#release());
    document.addEventListener("pointercancel", () => this.#end());
    // While a visit is carried by a finger the page must not scroll, and a long press opens no menu of its own.
    board.addEventListener("touchmove", (event) => this.#held && event.preventDefault(), { passive: false });
    board.addEventListener("contextmenu", (event) => this.#pressed?.finger && this.#stop(event), true);
    board.addEventListener("keydown", (event) => this.#key(event), true);
    board.addEventListener("keyup", (event) => this.#swallow(event), true);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#held) {
        event.stopImmediatePropagation();
        this.#end("Put back.");
      }
    }, true);
  }

  // By mouse or finger

  #press(event) {
    if (event.button !== 0 || !event.isPrimary || !this.#hand.movable || this.#held) return;
    const here = visitAt(event.target, this.#timeline);
    if (!here) return;
    const pressed = { ...here, x: event.clientX, y: event.clientY, finger: event.pointerType === "touch" };
    this.#pressed = pressed;
    if (pressed.finger) pressed.timer = setTimeout(() => this.#pickUp(pressed, pressed.x), REST_MS);
  }

  #drag(event) {
    if (this.#pressed && !this.#held) {
      if (!this.#far(event)) return;
      if (this.#pressed.finger) this.#forget(); // it scrolls
      else this.#pickUp(this.#pressed, this.#pressed.x);
    }
    if (!this.#held || this.#held.byKeys) return;
    if (!this.#held.carried && !this.#far(event)) return;
    this.#held.carried = true;
    event.preventDefault();
    this.#scroll(event);
    const row = document.elementFromPoint(event.clientX, event.clientY)?.closest(".tl-row");
    const at = row && this.#timeline.timeAt(event.clientX - this.#held.grip);
    this.#hold(row ? Number(row.dataset.nurse) : null, at ?? null);
  }

  /** Whether the pointer is away from where it was pressed. */
  #far(event) {
    const { x, y, finger } = this.#pressed;
    return Math.hypot(event.clientX - x, event.clientY - y) > (finger ? FINGER_MOVES : THRESHOLD);
  }

  #forget() {
    clearTimeout(this.#pressed?.timer);
    this.#pressed = null;
  }

  #release() {
    const dragged = this.#held && !this.#held.byKeys;
    const pressed = this.#pressed;
    this.#forget();
    if (!dragged) return;
    // The click that follows is the end of the drag, and chooses nothing.
    const swallow = (event) => {
      event.stopPropagation();
      event.preventDefault();
    };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, true), 0);
    if (pressed.finger && !this.#held.carried) {
      this.#end("Put back.");
      this.#openMenu(pressed, pressed.x, pressed.y);
    } else {
      this.#drop();
    }
  }

  #scroll(event) {
    const root = this.#timeline.root;
    const box = root.getBoundingClientRect();
    if (event.clientY < box.top + EDGE) root.scrollBy(0, -12);
    if (event.clientY > box.bottom - EDGE) root.scrollBy(0, 12);
    if (event.clientX > box.right - EDGE) root.scrollBy(12, 0);
  }

  // By keys: Space picks up and drops, arrows carry

  #key(event) {
    if (!this.#held?.byKeys) {
      if (event.key !== " " || !this.#hand.movable) return;
      const here = visitAt(event.target, this.#timeline);
      if (!here) return;
      this.#stop(event);
      this.#pickUp(here, null);
      return;
    }
    const { nurse, at } = this.#held;
    const step = event.shiftKey ? 6 * STEP : STEP;
    const moves = { ArrowLeft: [0, -step], ArrowRight: [0, step], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (moves[event.key]) {
      this.#stop(event);
      const [rows, time] = moves[event.key];
      this.#hold(this.#timeline.beside(nurse, rows), at + time, true);
    } else if (event.key === "Enter" || event.key === " ") {
      this.#stop(event);
      this.#drop();
    } else if (event.key === "Tab") {
      this.#end("Put back.");
    }
  }

  #swallow(event) {
    // The key that picks up or drops must not also press the button it is on.
    if (event.key === " " && (this.#held || visitAt(event.target, this.#timeline))) this.#stop(event);
  }

  #stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Either way

  #pickUp({ visit, giver, element }, x) {
    if (!element.isConnected) return; // drawn anew while a finger rested on it
    const shown = this.#hand.day.visits[visit];
    const stay = this.#timeline.stayOf(element) ?? this.#timeline.firstWindow(visit);
    const grip = x === null || !element.classList.contains("tl-bar") ? 0 : x - element.getBoundingClientRect().left;
    this.#held = {
      visit,
      giver,
      element,
      byKeys: x === null,
      grip,
      length: stay.length,
      nurse: stay.nurse,
      at: stay.start,
      carried: false,
      ghost: h("div", { class: "tl-ghost", "aria-hidden": "true" }),
      asking: new AbortController(),
      verdict: null,
    };
    element.classList.add("carried");
    this.#timeline.root.classList.add("carrying");
    this.#say(`${shown.patient} picked up. Arrow keys carry, Enter drops, Escape puts back.`);
    this.#askForRows(this.#held);
    if (this.#held.byKeys) this.#hold(stay.nurse, stay.start, true);
  }

  async #askForRows(held) {
    try {
      const places = await this.#hand.places(held.visit, held.giver, held.asking.signal);
      if (this.#held === held) this.#timeline.markRows(places, shortly);
    } catch {
      // Without marks the visit can be carried all the same: the drop is judged by itself.
    }
  }

  #hold(nurse, at, spoken = false) {
    const held = this.#held;
    const snapped = at === null ? null : Math.round(at / STEP) * STEP;
    if (nurse === held.nurse && snapped === held.at && held.ghost.isConnected) return;
    held.nurse = nurse;
    held.at = snapped;
    held.verdict = null;
    held.ghost.className = "tl-ghost";
    if (nurse === null || snapped === null) {
      held.ghost.remove();
      return;
    }
    this.#timeline.showGhost(held.ghost, nurse, snapped, snapped + held.length);
    held.ghost.textContent = this.#timeline.clock(snapped);
    clearTimeout(held.timer);
    held.timer = setTimeout(() => this.#ask(held, nurse, snapped, spoken), ASK_AFTER);
  }

  async #ask(held, nurse, at, spoken) {
    held.checking?.abort();
    held.checking = new AbortController();
    try {
      const target = { nurse, giver: held.giver, start: new Date(at).toISOString() };
      const verdict = await this.#hand.check(held.visit, target, held.checking.signal);
      if (this.#held !== held || held.nurse !== nurse || held.at !== at) return;
      held.ghost.className = `tl-ghost fit-${verdict.outcome}`;
      held.ghost.textContent = `${this.#timeline.clock(at)} · ${shortly(verdict)}`;
      if (spoken) {
        const name = this.#hand.day.nurses.find((each) => each.id === nurse).name;
        this.#say(`${name}, ${this.#timeline.clock(at)}: ${[shortly(verdict), ...verdict.exceptions].join(" ")}`);
      }
    } catch {
      // Another answer is on its way, or the drop will say what is wrong.
    }
  }

  #drop() {
    const { visit, giver, nurse, at } = this.#held;
    this.#end();
    if (nurse === null || at === null) return;
    this.#hand.move(visit, { nurse, giver, start: new Date(at).toISOString(), text: this.#timeline.clock(at) });
  }

  #end(words = "") {
    const held = this.#held;
    this.#forget();
    if (!held) return;
    this.#held = null;
    held.asking.abort();
    held.checking?.abort();
    clearTimeout(held.timer);
    held.ghost.remove();
    held.element.classList.remove("carried");
    this.#timeline.root.classList.remove("carrying");
    this.#timeline.markRows([], shortly);
    this.#say(words);
  }

  #say(words) {
    this.#said.textContent = words;
  }
}
