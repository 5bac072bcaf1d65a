// "Move to ...": every nurse with what the move would be, the best first, and a time of one's own.

import { h } from "./dom.js";
import { inFull, shortly } from "./hand.js";

const WORDS = { accepted: "fits", needs_reason: "only with a reason", refused: "no" };

export class MoveDialog {
  #hand;

  constructor(hand) {
    this.#hand = hand;
  }

  /** Opens for a visit. `giver`: whose stay of it, where several nurses come; null: it has none, or only one. */
  async open(visit, giver = null) {
    const { code, patient } = this.#hand.day.visits[visit];
    const list = h("fieldset", { class: "move-list" }, h("p", { role: "status" }, "Asking for every nurse …"));
    const start = h("input", { class: "input", type: "time", name: "start", step: "60" });
    const keep = h(
      "select",
      { class: "input", name: "keep" },
      h("option", { value: "start" }, "Nurse and start"),
      h("option", { value: "nurse" }, "Nurse only"),
      h("option", { value: "nothing" }, "Nothing: the next re-plan may move it"),
    );
    const submit = h("button", { class: "button button-primary", type: "submit", disabled: true }, "Move");
    const form = h(
      "form",
      { class: "stack move-form" },
      h("h2", { id: "move-title" }, `Move ${code}`),
      h("p", { class: "hint" }, patient),
      list,
      h(
        "div",
        { class: "move-fields" },
        h("label", { class: "field" }, h("span", { class: "label" }, "Start (empty: when it fits best)"), start),
        h("label", { class: "field" }, h("span", { class: "label" }, "Pin"), keep),
      ),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"),
        submit,
      ),
    );
    const dialog = h("dialog", { class: "dialog move-dialog", "aria-labelledby": "move-title" }, form);
    form.addEventListener("change", () => {
      submit.disabled = !form.querySelector("[name=nurse]:checked");
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const nurse = Number(form.querySelector("[name=nurse]:checked").value);
      dialog.close();
      this.#hand.move(visit, { nurse, giver, keep: keep.value, start: start.value, text: start.value });
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    try {
      const places = await this.#hand.places(visit, giver);
      list.replaceChildren(h("legend", { class: "label" }, "Nurse"), ...places.map((place) => this.#choice(place)));
      list.querySelector("input")?.focus();
    } catch (error) {
      list.replaceChildren(h("p", { role: "alert" }, error.message));
    }
  }

  #choice(place) {
    const nurse = this.#hand.day.nurses.find((each) => each.id === place.nurse);
    if (!nurse) return "";
    const when = place.start && place.outcome !== "refused" ? ` ${place.start.text}` : "";
    return h(
      "label",
      { class: `move-choice fit-${place.outcome}` },
      h("input", { type: "radio", name: "nurse", value: String(place.nurse) }),
      h("span", { class: `nurse-number colour-${nurse.colour}` }, String(nurse.number)),
      h("span", { class: "move-name" }, nurse.name),
      h("span", { class: "move-word" }, `${WORDS[place.outcome]}${when}`),
      h("span", { class: "move-price" }, place.outcome === "refused" ? "" : place.price),
      place.outcome === "accepted" ? inFull({ ...place, costs: [] }) : h("span", { class: "move-why" }, why(place)),
    );
  }
}

function why(place) {
  return place.outcome === "refused" ? shortly(place) : place.exceptions.join(" ");
}
