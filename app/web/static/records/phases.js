// The phases of a protocol: rows can be moved, added and taken away, and their minutes are added up.

export function movablePhases(list) {
  const total = document.querySelector("[data-phase-total]");
  for (const row of [...list.children]) addButtons(row);
  for (const row of emptyRows().slice(1)) row.remove();

  const add = button("Add a phase", "Add a phase", () => {
    const row = list.lastElementChild.cloneNode(true);
    for (const field of row.querySelectorAll("select, input")) field.value = "";
    row.querySelector(".row-buttons").remove();
    addButtons(row);
    list.append(row);
    renumber();
    row.querySelector("select").focus();
  });
  list.after(add);
  list.addEventListener("input", addUp);
  addUp();

  function emptyRows() {
    return [...list.children].filter((row) =>
      [...row.querySelectorAll("select, input")].every((field) => !field.value),
    );
  }

  function addButtons(row) {
    const buttons = document.createElement("span");
    buttons.className = "row-buttons";
    buttons.append(
      button("↑", "Move up", () => row.previousElementSibling?.before(row)),
      button("↓", "Move down", () => row.nextElementSibling?.after(row)),
      button("×", "Take away", () => list.children.length > 1 && row.remove()),
    );
    for (const each of buttons.children) each.addEventListener("click", () => (renumber(), addUp()));
    row.append(buttons);
  }

  function renumber() {
    [...list.children].forEach((row, index) => {
      row.querySelector("select").setAttribute("aria-label", `Phase ${index + 1}`);
      row.querySelector('[type="number"]').setAttribute("aria-label", `Minutes of phase ${index + 1}`);
      row.querySelector('[type="text"]').setAttribute("aria-label", `Credentials of phase ${index + 1}`);
    });
  }

  function addUp() {
    const minutes = [...list.querySelectorAll('[type="number"]')].reduce((sum, input) => sum + (Number(input.value) || 0), 0);
    total.textContent = minutes ? `The whole visit lasts ${minutes} min.` : "";
  }
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-small";
  made.textContent = text;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}
