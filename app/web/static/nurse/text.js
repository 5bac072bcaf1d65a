// Words in the nurse's language: English stands in the calls, other languages come as a catalogue.

import { files } from "./files.js";

export const LANGUAGES = { en: "English", es: "Español" };
const COOKIE = "language";

/** The language in which the clinic writes its protocols, orders and notes. */
export const CLINICS = "en";

let texts = {};
let language = "en";

export const chosen = () => language;

/** The text in her language; "{name}" in it becomes `values.name`. */
export function _(text, values = {}) {
  const found = texts[text];
  return fill(typeof found === "string" ? found : text, values);
}

/** The form for `count`, which may stand in it as "{count}". */
export function ngettext(one, many, count, values = {}) {
  const forms = Array.isArray(texts[one]) ? texts[one] : [one, many];
  return fill(forms[count === 1 ? 0 : 1], { count, ...values });
}

/** Her own choice on this phone, else her browser's wish, else English. */
export async function begin() {
  const wishes = [own(), ...navigator.languages.map((wish) => wish.slice(0, 2))];
  await load(wishes.find((wish) => wish in LANGUAGES) ?? "en");
}

/** Choose for this phone; the service reads the same cookie. */
export async function choose(wish) {
  document.cookie = `${COOKIE}=${wish}; Path=/; Max-Age=31536000; SameSite=Lax`;
  await load(wish);
}

const own = () => document.cookie.match(/(?:^|; )language=([a-z]+)/)?.[1];

async function load(wish) {
  const answer = wish === "en" ? null : await fetch(files(`messages/${wish}.json`)).catch(() => null);
  if (wish !== "en" && !answer?.ok) return; // of another release, or no signal before the files were kept
  texts = (await answer?.json()) ?? {};
  language = wish;
  document.documentElement.lang = wish;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
