// One stop: how to get there and in, with whom, what to bring, its phases.

import { mapLink, phoneLink } from "../links.js";
import { clock, ms } from "../times.js";
import { _ } from "../text.js";
import { clinics, html, icon, nothing } from "./parts.js";
import { phaseName, units } from "./words.js";

import { svg } from "../../vendor/lit-html/lit-html.js";

export function reach({ patient }) {
  if (patient.latitude == null) return nothing; // of a cancelled visit the phone knows the name alone
  const call = phoneLink(patient.phone ?? "");
  return html`
    <address class="place">${icon("pin")}<span>${patient.address}</span></address>
    ${patient.access_notes
      ? html`<div class="access">${icon("key")}<p><span class="visually-hidden">${_("Getting in:")} </span>${clinics(patient.access_notes)}</p></div>`
      : nothing}
    <div class="reach">
      <a class="button big" href=${mapLink(patient)} target="_blank" rel="noopener noreferrer">${icon("directions")}${_("Directions")}</a>
      ${call ? html`<a class="button big" href=${call}>${icon("phone")}${_("Call")}<span class="visually-hidden"> ${patient.phone}</span></a>` : nothing}
    </div>
  `;
}

/** What to bring along to this visit. */
export function take({ kit = [], drug_units: drugs = [] }) {
  const items = [...drugs.map((each) => units(each.item, each.units)), ...kit];
  if (!items.length) return nothing;
  return html`<div class="take">${icon("protocols")}<div><h3>${_("Bring")}</h3><ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul></div></div>`;
}

export function partner(visit) {
  const each = visit.hand_over;
  const lines = [];
  if (visit.beside) lines.push(["nurses", _("Two-nurse visit, together with {nurse}", { nurse: visit.beside })]);
  if (each?.gives) {
    const values = { nurse: each.nurse, time: clock(ms(each.over)), minutes: each.overlap_minutes };
    lines.push(["hand-over", _("You hand over to {nurse} at {time}. Leave only when {nurse} has been there for {minutes} min.", values)]);
  } else if (each) {
    const values = { nurse: each.nurse, time: clock(ms(each.begins)), until: clock(ms(each.over)) };
    lines.push(["hand-over", _("You take over from {nurse} at {time}. Both of you stay until {until}.", values)]);
  }
  return lines.map(([symbol, words]) => html`<p class="with">${icon(symbol)}<span>${words}</span></p>`);
}

/** The phases in proportion; the words stand elsewhere, so it is hidden from readers. */
export function strip({ phases }) {
  const total = phases.reduce((sum, phase) => sum + phase.minutes, 0);
  let x = 0;
  const parts = phases.map((phase) => {
    const part = svg`<rect class="strip-${phase.kind}" x=${x} width=${phase.minutes} height="10"></rect>`;
    x += phase.minutes;
    return part;
  });
  return html`<svg class="strip" viewBox="0 0 ${total} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts}</svg>`;
}

export function phaseList(visit) {
  return html`
    <ol class="phases">
      ${visit.phases.map(
        (phase) => html`<li>
          <span class="swatch phase-${phase.kind}" aria-hidden="true"></span>
          <time>${clock(ms(phase.start))}</time>
          <span>${phaseName(phase)} <span class="phase-minutes">${_("{minutes} min", { minutes: phase.minutes })}</span></span>
        </li>`,
      )}
      <li class="phases-end">${icon("clock")}<time>${clock(ms(visit.end))}</time><strong>${_("Planned departure")}</strong></li>
    </ol>
  `;
}
