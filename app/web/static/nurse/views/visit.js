// One visit: what to do now, one step at a time; below it everything there is to know.

import { gives, hasInfusion, isOff } from "../fold.js";
import { to } from "../links.js";
import { dayName, ms, span } from "../times.js";
import { _ } from "../text.js";
import { arrivalOf, arrivals, titleOf } from "./day.js";
import { dischargePart } from "./discharge.js";
import { entriesPart } from "./entries.js";
import { gatePart } from "./gate.js";
import { clockPanel, leavePart } from "./leaving.js";
import { asWritten, badge, big, clinics, fold, form, html, icon, note, nothing, text } from "./parts.js";
import { phasePart } from "./phases.js";
import { partner, phaseList, reach, strip, take } from "./stop.js";
import { atVisitPart } from "./supplies.js";
import { vitalsPart } from "./vitals.js";
import { STATES, followUp } from "./words.js";

export function visitView(phone, visit) {
  const record = phone.record(visit);
  const isCancelled = visit.status === "cancelled" && !record.no_go;
  const state = STATES[record.state]();
  return html`
    <p><a class="back" href=${to.day(visit.day)}>${icon("back")}${titleOf(phone, visit.day)}</a></p>
    <div class="page-head"><div>
      <h1 id="title" tabindex="-1">${visit.patient.name}</h1>
      <p class="subtitle">${dayName(visit.day)}, <time>${span(ms(visit.start), ms(visit.end))}</time></p>
    </div>${isCancelled ? badge(_("Cancelled"), "danger") : state ? badge(state, record.state === "departed" ? "ok" : "accent") : nothing}</div>
    ${isOff(visit, record)
      ? html`<p class="card">${_("Do not go: this visit was cancelled after the plan was published.")}</p>`
      : html`${isCancelled ? note(_("This visit was cancelled after you arrived. Call your dispatcher."), "warning") : nothing}
          ${now(phone, visit, record)}
          ${details(phone, visit, record)}`}
    ${entriesPart(phone, visit, record)}
  `;
}

function now(phone, visit, record) {
  const give = (kind, payload = {}) => phone.add(kind, { visit: visit.id, day: visit.day, payload });
  const giveHere = (kind, payload = {}) => phone.addWithPlace(kind, { visit: visit.id, day: visit.day, payload });
  const view = { phone, visit, record, give, giveHere };
  const steps = {
    planned: () => html`${onTheWay(view)}`,
    arrived: () => html`${gatePart(view)}`,
    no_go: () => html`${notStarted(view)}${leavePart(view)}`,
    departed: () => html`${done(view)}`,
  };
  const inside = () => html`
    ${clockPanel(view)}
    ${phasePart(view)}
    ${vitalsPart(view)}
    ${noteForm(view)}
    ${atVisitPart(view)}
    ${needsDischarge(view) ? dischargePart(view) : nothing}
    ${leavePart(view)}
  `;
  return (steps[record.state] ?? inside)();
}

// The first nurse of a hand-over leaves the discharge to the second; a call or a check has it at its end.
const needsDischarge = ({ visit, record }) =>
  !gives(visit) && (record.infusion_ended !== null || (!hasInfusion(visit) && record.begun.size > 0));

function onTheWay({ phone, visit, giveHere }) {
  const isToday = visit.day === phone.today;
  const words = phone.isLocating ? _("Checking in …") : _("I am here");
  return html`
    <section class="card part" aria-labelledby="way-title">
      <h2 id="way-title">${_("Getting there")}</h2>
      ${arrivalOf(visit, arrivals(phone, visit.day).get(visit.id))}
      ${reach(visit)}
      ${visit.patient.phone ? html`<p class="muted">${_("Telephone {number}", { number: visit.patient.phone })}</p>` : nothing}
      ${isToday ? big(words, () => giveHere("arrived"), { symbol: "pin", disabled: phone.isLocating }) : html`<p class="muted">${_("You can check in on the day of the visit.")}</p>`}
      ${isToday ? html`<p class="hint">${_("Your place is noted if the phone knows it; refusing is fine.")}</p>` : nothing}
    </section>
  `;
}

function notStarted({ record }) {
  return html`<section class="card part"><h2>${_("This visit was not started")}</h2>
    <p>${_("Your dispatcher sees it as soon as it is sent. Leave when the patient is safe.")}</p>
    ${record.no_go.text ? html`<p class="notes">${record.no_go.text}</p>` : nothing}</section>`;
}

function done({ phone, visit }) {
  return html`<p class="part"><a class="button button-primary big" href=${to.day(visit.day)}>${
    visit.day === phone.today ? _("Back to the day") : titleOf(phone, visit.day)}${icon("next")}</a></p>`;
}

function noteForm({ give }) {
  const write = async ({ text: words }) => {
    if (!words.trim()) return _("Write something first.");
    await give("note", { text: words.trim() });
    return null;
  };
  const fields = text(_("What should be known?"), "text", { rows: 3 });
  return fold(_("Write a note"), form(fields, _("Keep the note"), write, { kind: "quiet", name: "note" }), { symbol: "edit", name: "note" });
}

function details(phone, visit, record) {
  const order = visit.order
    ? html`<p>${badge(visit.order.valid ? _("Order valid") : _("Order not valid"), visit.order.valid ? "ok" : "danger")} ${clinics(visit.order.words)}</p>${asWritten()}`
    : nothing;
  const isThere = record.isPresent || record.departed_at !== null;
  return html`
    <section class="part details" aria-labelledby="details-title">
      <h2 id="details-title">${clinics(visit.protocol)}</h2>
      ${order}
      ${partner(visit)}
      ${strip(visit)}
      ${phaseList(visit)}
      ${take(visit)}
      ${adult(visit)}
      ${visit.notes ? html`<h3>${_("Notes")}</h3><p class="notes">${clinics(visit.notes)}</p>` : nothing}
      ${visit.follow_up ? html`<h3>${_("Follow-up")}</h3><p>${followUp(visit.follow_up)}</p>` : nothing}
      ${isThere ? fold(_("Address and telephone"), reach(visit), { symbol: "pin", name: "reach" }) : nothing}
    </section>
  `;
}

function adult({ adult: known, adult_hours: hours }) {
  if (!hours) return nothing;
  const confirmed = known?.confirmed ? badge(_("Confirmed"), "ok") : badge(_("Not confirmed"), "warn");
  return html`<h3>${_("Responsible adult")}</h3><p>${known?.name || _("Nobody named")} ${confirmed}</p>
    <p class="muted">${_("Needed until {hours} h after discharge.", { hours })}</p>`;
}
