// Patients by name: what is typed is looked for, and the browser's own list offers what was found.

import { ask } from "./ask.js";

const WAIT_MS = 200;

export function findPatients(input) {
  const list = document.getElementById(input.getAttribute("list"));
  const chosen = input.closest("form").querySelector("[data-found-name]");
  let timer;
  let latest = 0;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const words = input.value.trim();
    const option = [...list.options].find((each) => each.value === words);
    chosen.textContent = option ? option.label : "";
    if (words && !option) timer = setTimeout(() => look(words), WAIT_MS);
  });

  async function look(words) {
    const mine = ++latest;
    const found = await ask(input.dataset.find, { q: words }).catch(() => []);
    if (mine !== latest) return;
    list.replaceChildren(
      ...found.map(({ code, name, address }) => new Option(`${name}, ${address}`, code)),
    );
  }
}
