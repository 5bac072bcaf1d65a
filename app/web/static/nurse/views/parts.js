// Parts that the phone's screens are made of.

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { files } from "../files.js";
import { urgent } from "../announce.js";
import { CLINICS, _, chosen } from "../text.js";

export { html, nothing };

const REST = 1200;
let restsUntil = 0;

export const icon = (name) =>
  html`<svg class="icon" aria-hidden="true"><use href=${`${files("icons.svg")}#${name}`}></use></svg>`;

export const badge = (words, kind = "") => html`<span class="badge ${kind && `badge-${kind}`}">${words}</span>`;

/** A line that must be seen: kind "info", "warning", "error" or "success". */
export const note = (words, kind = "info") => html`
  <div class="flash flash-${kind}">${icon(kind === "success" ? "ok" : kind === "info" ? "info" : "warning")}<div>${words}</div></div>
`;

/** What the clinic has written, in its own language: a screen reader is to read it so. */
export const clinics = (words) => html`<span lang=${CLINICS}>${words}</span>`;

/** Said where the nurse reads another language than the clinic writes. */
export const asWritten = () =>
  chosen() === CLINICS ? nothing : html`<p class="hint">${_("As the clinic wrote it, in English.")}</p>`;

export const empty = (title, words, symbol) => html`
  <div class="empty">${icon(symbol)}<h2>${title}</h2><p>${words}</p></div>
`;

/** The one large button of a step. A second tap within a moment does nothing: by then it may be another step. */
export const big = (words, action, { kind = "primary", symbol = "", disabled = false, describes = nothing } = {}) => html`
  <button class="button button-${kind} big" type="button" ?disabled=${disabled} aria-describedby=${describes}
    @click=${() => tap(action)}>${symbol ? icon(symbol) : nothing}<span>${words}</span></button>
`;

function tap(action) {
  if (performance.now() < restsUntil) return;
  restsUntil = performance.now() + REST;
  action();
}

/** A form that hands over its fields by name; `action` may return words of what is wrong. What is typed into it is
 * kept under its `name`, the only one of its screen. */
export const form = (fields, label, action, { kind = "primary", name }) => html`
  <form class="form" name=${name} @submit=${(event) => submit(event, action)} novalidate>
    ${fields}
    <p class="field-error" data-error hidden></p>
    <button class="button button-${kind} big" type="submit"><span>${label}</span></button>
    <p class="draft" data-draft hidden><span>${_("Not kept yet")}</span> <button class="button" type="reset">${_("Discard")}</button></p>
  </form>
`;

async function submit(event, action) {
  event.preventDefault();
  const sent = event.currentTarget;
  const wrong = firstFault(sent) ?? (await action(Object.fromEntries(new FormData(sent)), sent));
  const place = sent.querySelector("[data-error]");
  place.hidden = !wrong;
  place.textContent = wrong ?? "";
  if (wrong) return urgent(wrong);
  sent.reset();
  return sent.closest("details")?.removeAttribute("open");
}

function firstFault(sent) {
  for (const field of sent.elements) {
    const bad = field.willValidate && !field.validity.valid;
    if (bad) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (bad) {
      field.focus();
      return faultOf(field);
    }
  }
  return null;
}

function faultOf(field) {
  const name = field.labels?.[0]?.firstElementChild?.textContent ?? field.name;
  if (field.validity.valueMissing) return _("{name}: fill this in.", { name });
  const { min, max } = field;
  if (min && max) {
    return _("{name}: {value} cannot be; give a number from {min} to {max}.", { name, value: field.value || "?", min, max });
  }
  return _("{name}: {value} cannot be.", { name, value: field.value });
}

export const text = (label, name, { value = "", required = false, rows = 0, list = nothing } = {}) => html`
  <label class="field"><span>${label}</span>${
    rows
      ? html`<textarea class="input" name=${name} rows=${rows} maxlength="2000" ?required=${required} .value=${value}></textarea>`
      : html`<input class="input" name=${name} maxlength="200" autocomplete="off" list=${list} ?required=${required} .defaultValue=${value}>`
  }</label>
`;

export const number = (label, name, { min, max, value = "", required = false, unit = "" }) => html`
  <label class="field"><span>${label}${unit ? html` <span class="unit">${unit}</span>` : nothing}</span>
    <input class="input" name=${name} type="number" inputmode="numeric" min=${min} max=${max} step="1" autocomplete="off"
      ?required=${required} .defaultValue=${String(value)}></label>
`;

export const select = (label, name, options, { value = "", required = true } = {}) => html`
  <label class="field"><span>${label}</span><select class="input" name=${name} ?required=${required}>
    ${options.map(([key, words]) => html`<option value=${key} ?selected=${key === value}>${words}</option>`)}
  </select></label>
`;

/** What opens on a tap. */
export const fold = (summary, content, { symbol = "", open = false, name = "" } = {}) => html`
  <details class="fold" ?open=${open} data-fold=${name || nothing}>
    <summary>${symbol ? icon(symbol) : nothing}<span>${summary}</span></summary><div class="fold-content">${content}</div>
  </details>
`;
