// What came of a change by hand, under the timeline; and the question for a reason.

import { h, icon } from "./dom.js";
import { inFull } from "./hand.js";

export class Note {
  #root;

  /** `root`: an empty element; what it says is read out. */
  constructor(root) {
    this.#root = root;
  }

  /** Something was done. `undo`: takes it back, or null. */
  made(title, verdict, undo) {
    const price = verdict.price ? `: ${verdict.price}` : "";
    this.#show("ok", `${title}${price}`, inFull(verdict), undo && button("Undo", undo));
  }

  refused(title, sentences) {
    this.#show("danger", title, inFull({ refusals: sentences }));
  }

  /** Somebody was quicker. `again()`: the same action on what is shown now. */
  stale(changes, again) {
    this.#show("warn", "The plan has been changed meanwhile, so nothing was done", inFull({ refusals: changes }), [
      button("Do it all the same", again, "button-primary"),
    ]);
  }

  hide() {
    this.#root.hidden = true;
    this.#root.replaceChildren();
  }

  /** Asks why a rule of operation is to be broken; `go(reason)` does it. */
  askReason(title, verdict, go) {
    this.hide();
    const field = h("textarea", {
      class: "input",
      name: "reason",
      rows: "2",
      maxlength: "300",
      required: true,
      placeholder: "Such as: agreed with the family by telephone",
    });
    const form = h(
      "form",
      { method: "dialog", class: "stack" },
      h("h2", { id: "reason-title" }, `${title}: only with a reason`),
      h("p", {}, "It breaks what you may set aside, here and this once:"),
      h("ul", { class: "hand-lines hand-broken" }, ...verdict.exceptions.map((each) => h("li", {}, each))),
      inFull({ ...verdict, exceptions: [] }),
      h("p", {}, `In all: ${verdict.price}.`),
      h("label", { class: "field" }, h("span", { class: "label" }, "Reason"), field),
      h("p", { class: "hint" }, "Kept with your name and the time, and shown on the board. Name no diagnosis."),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"),
        h("button", { class: "button button-primary", type: "submit" }, "Accept and do it"),
      ),
    );
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "reason-title" }, form);
    form.addEventListener("submit", (event) => {
      const reason = field.value.trim();
      if (reason) go(reason);
      else event.preventDefault();
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  }

  #show(tone, title, lines, actions) {
    this.#root.className = `hand-note tone-${tone}`;
    this.#root.replaceChildren(
      ...[
        h(
          "div",
          { class: "hand-note-head" },
          icon(tone === "ok" ? "ok" : "warning"),
          h("strong", {}, title),
          ...[actions].flat().filter(Boolean),
          h(
            "button",
            { class: "icon-button hand-note-close", type: "button", "aria-label": "Close", onclick: () => this.hide() },
            icon("close"),
          ),
        ),
        lines,
      ].filter(Boolean),
    );
    this.#root.hidden = false;
  }
}

function button(text, act, tone = "") {
  return h("button", { class: `button button-small ${tone}`, type: "button", onclick: act }, text);
}
