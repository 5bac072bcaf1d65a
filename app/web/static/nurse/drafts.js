// What she has typed and not sent yet: kept sealed, so that a reload or a dead battery loses none of it.

const shownIn = new WeakMap();
let isQuiet = false;

/** Her unfinished forms, by screen and name of the form. */
export class Drafts {
  #typed = new Map();
  /** Resolves once what was typed by now is kept. */
  written = Promise.resolve();

  /** Those that the phone has kept; `store(typed)` keeps them, as long as it may. */
  begin(typed, store) {
    this.#typed = new Map(typed);
    this.store = store;
  }

  of(key) {
    return this.#typed.get(key);
  }

  /** `said`: the form's fields by name; null: it is sent, or she discards it. */
  keep(key, said) {
    if (said) this.#typed.set(key, said);
    else if (!this.#typed.delete(key)) return;
    this.written = this.written.then(() => this.store?.([...this.#typed])).catch(() => null); // she sees it still
  }
}

/** From now on what is typed into a form with a name is kept until it is sent or discarded. */
export function followTyping(drafts, root) {
  root.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form?.hasAttribute("name")) return;
    drafts.keep(keyOf(form), Object.fromEntries(new FormData(form)));
    mark(drafts, form);
  });
  root.addEventListener("reset", ({ target }) => {
    if (isQuiet) return;
    drafts.keep(keyOf(target), null);
    mark(drafts, target);
  });
}

/** Fill the forms that have just been drawn with what was typed into them. One that stood on another screen before
 * shows nothing of that. */
export function fillForms(drafts, root) {
  for (const form of root.querySelectorAll("form[name]")) {
    const key = keyOf(form);
    if (shownIn.get(form) === key) continue;
    if (shownIn.has(form)) clear(form);
    shownIn.set(form, key);
    const said = drafts.of(key);
    if (said) fill(form, said);
    mark(drafts, form);
  }
}

const keyOf = (form) => `${location.hash} ${form.getAttribute("name")}`;

function fill(form, said) {
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") field.checked = field.name in said;
    else field.value = said[field.name] ?? "";
  }
  form.closest("details")?.setAttribute("open", "");
}

function clear(form) {
  isQuiet = true;
  form.reset();
  isQuiet = false;
}

function mark(drafts, form) {
  form.querySelector("[data-draft]").hidden = !drafts.of(keyOf(form));
}
