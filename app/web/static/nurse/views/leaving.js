// Until when she stays: the clock from the infusion's end, and the button to leave.

import { gives, takes } from "../fold.js";
import { MINUTE, clock, stopwatch } from "../times.js";
import { _ } from "../text.js";
import { big, fold, form, html, icon, note, nothing, text } from "./parts.js";
import { whyNot } from "./words.js";

/** In large figures: the earliest departure and what is left until then. */
export function clockPanel({ phone, visit, record }) {
  if (record.infusion_ended === null) return waiting(visit, record);
  const earliest = record.earliest_departure;
  if (earliest === null) return html`<section class="card stay part">${handOver(visit, record)}</section>`;
  const left = earliest - phone.now();
  const total = Math.max(earliest - record.infusion_ended, MINUTE);
  return html`
    <section class="card stay part ${left <= 0 ? "stay-over" : ""}" aria-labelledby="stay-title">
      <h2 id="stay-title" class="stay-label">${_("Earliest departure")}</h2>
      <p class="stay-time"><time>${clock(earliest)}</time></p>
      ${left > 0
        ? html`<p class="watch"><time role="timer">${stopwatch(left)}</time> <span>${_("left")}</span></p>
            <progress max=${total} value=${total - left} aria-label=${_("Time until the earliest departure")}></progress>`
        : html`<p class="stay-free">${icon("ok")}${_("The time has run. You may leave when the discharge is done.")}</p>`}
      <p class="muted">${_("Infusion ended at {time}", { time: clock(record.infusion_ended) })}</p>
      ${handOver(visit, record)}
    </section>
  `;
}

function waiting(visit, record) {
  if (!visit.hand_over) return nothing;
  return html`<section class="card part">${handOver(visit, record)}
    ${takes(visit) ? html`<p class="muted">${_("The infusion has not ended yet, as far as this phone knows.")}</p>` : nothing}</section>`;
}

// Both phones say how the hand-over stands.
function handOver(visit, record) {
  if (!visit.hand_over) return nothing;
  const { nurse, overlap_minutes: minutes } = visit.hand_over;
  const values = { nurse, minutes, time: record.partner_at ? clock(record.partner_at) : "" };
  if (gives(visit)) {
    if (record.partner_at === null) return note(_("Waiting for {nurse} to check in. Then you both stay {minutes} min.", values), "warning");
    return note(_("{nurse} checked in at {time}. You both stay {minutes} min.", values), "success");
  }
  if (record.partner_at === null) return note(_("You take over from {nurse}.", values));
  return note(_("You take over from {nurse}, who may leave {minutes} min after you are both there and the infusion has ended.", values));
}

export function leavePart({ phone, visit, record, giveHere }) {
  const leave = (early = null) => giveHere("departed", { early });
  const disabled = phone.isLocating;
  if (record.no_go) return html`<section class="part">${big(_("Leave"), () => leave(), { symbol: "log-out", disabled })}</section>`;
  const { ok, reason } = record.may_leave;
  if (!ok) return html`<section class="card part" aria-labelledby="leave-title">${locked({ visit, record, leave, reason })}</section>`;
  const lacks = record.discharge_missing.length;
  return html`
    <section class="card part" aria-labelledby="leave-title">
      <h2 id="leave-title">${_("Leave")}</h2>
      ${lacks ? note(_("The discharge is not complete: go through the checklist first."), "warning") : nothing}
      ${big(_("I leave now"), () => leave(), { symbol: "log-out", kind: lacks ? "quiet" : "primary", disabled })}
    </section>
  `;
}

function locked({ visit, record, leave, reason }) {
  const earliest = record.earliest_departure;
  const go = async ({ reason: why, prescriber }) => {
    await leave({ reason: why.trim(), prescriber: prescriber.trim() });
    return null;
  };
  const fields = html`
    ${text(_("Reason"), "reason", { required: true, rows: 2 })}
    ${text(_("Prescriber who agreed"), "prescriber", { required: true })}`;
  const early = html`<p>${_("Only with a prescriber's agreement. Reason and name are sent to your dispatcher.")}</p>
    ${form(fields, _("Leave early"), go, { kind: "danger", name: "early" })}`;
  const must = _("I must leave early");
  return html`
    <h2 id="leave-title">${_("Leave")}</h2>
    <p id="locked" class="locked">${icon("clock")}<span>${whyNot(reason, visit)}${earliest ? html` <strong>${_("Not before {time}.", { time: clock(earliest) })}</strong>` : nothing}</span></p>
    ${big(_("I leave now"), () => {}, { symbol: "log-out", disabled: true, describes: "locked" })}
    ${fold(must, early, { symbol: "warning", name: "early" })}
  `;
}
