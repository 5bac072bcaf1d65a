// The protocol's checklist before the patient is left to the responsible adult.

import { dischargeMissing } from "../fold.js";
import { clock } from "../times.js";
import { _ } from "../text.js";
import { asWritten, badge, clinics, form, html, note, nothing, select, text } from "./parts.js";
import { followUp } from "./words.js";

export function dischargePart({ visit, record, give }) {
  const { discharge } = record;
  const keep = async (said, sent) => {
    const payload = read(visit, said);
    const missing = dischargeMissing(visit, payload);
    await give("discharged", payload);
    sent.reset();
    return missing.length ? _("Kept, but still open: {items}.", { items: missing.map(nameOf).join(", ") }) : null;
  };
  return html`
    <section class="card part" aria-labelledby="discharge-title">
      <h2 id="discharge-title">${_("Discharge")}
        ${discharge ? (record.discharge_missing.length ? badge(_("Not complete"), "warn") : badge(_("Complete"), "ok")) : nothing}</h2>
      ${discharge ? html`<p class="muted">${_("Checked at {time}", { time: clock(discharge.at) })}</p>` : nothing}
      ${discharge?.mania_signs ? note(_("Signs of mania: call the prescriber before you leave."), "error") : nothing}
      ${form(fields(visit, discharge ?? {}), _("Keep the checklist"), keep, { kind: "quiet", name: "discharge" })}
    </section>
  `;
}

function fields(visit, known) {
  const mania = known.mania_signs == null ? "" : known.mania_signs ? "yes" : "no";
  return html`
    ${visit.discharge_criteria.length ? asWritten() : nothing}
    ${visit.discharge_criteria.map((name, place) => check(clinics(name), `criterion-${place}`, known.criteria?.[name]))}
    ${visit.adult_hours ? check(_("A responsible adult is here and stays"), "adult", known.adult_present) : nothing}
    ${text(_("Mood, in a few words"), "mood", { value: known.mood ?? "" })}
    ${visit.mania_check
      ? select(_("Signs of mania"), "mania", [["", _("Not asked yet")], ["no", _("No signs")], ["yes", _("Signs of mania")]], { value: mania, required: false })
      : nothing}
    ${check(visit.follow_up ? _("Follow-up booked: {words}", { words: followUp(visit.follow_up) }) : _("Follow-up booked"), "follow_up", known.follow_up_booked)}
  `;
}

const check = (words, name, checked) => html`
  <label class="check-row"><input type="checkbox" name=${name} ?checked=${checked === true}><span>${words}</span></label>
`;

function read(visit, said) {
  const mania = { yes: true, no: false }[said.mania] ?? null;
  return {
    criteria: Object.fromEntries(visit.discharge_criteria.map((name, place) => [name, `criterion-${place}` in said])),
    adult_present: "adult" in said,
    mood: said.mood.trim(),
    mania_signs: mania,
    follow_up_booked: "follow_up" in said,
  };
}

const nameOf = (item) => ({ adult_present: _("responsible adult"), mania_signs: _("signs of mania") })[item] ?? item;
