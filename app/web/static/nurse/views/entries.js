// Everything that was recorded, in order. A wrong entry is corrected by an amendment; the original stays in sight.

import { exact, fromInput, instant, localInput } from "../times.js";
import { _ } from "../text.js";
import { badge, fold, form, html, icon, nothing, number, select, text } from "./parts.js";
import { KINDS, NO_GO, QUESTIONS, phaseName, units } from "./words.js";

export function entriesPart(phone, visit, record) {
  return entriesList(phone, record.entries, visit);
}

/** `visit`: null for a day's kits and drugs. */
export function entriesList(phone, entries, visit) {
  const shown = entries.filter((entry) => entry.kind in KINDS);
  if (!shown.length) return nothing;
  const unsent = new Set(phone.unsent.map((event) => event.id));
  return fold(
    _("Everything recorded ({count})", { count: shown.length }),
    html`<ol class="entries">${shown.map((entry) => line({ phone, visit, unsent }, entry))}</ol>`,
    { symbol: "protocols", name: "entries" },
  );
}

function line(view, entry) {
  const { event, amendments } = entry;
  const originally = amendments.length ? { at: Date.parse(event.at) + (event.offset_ms ?? 0), payload: event.payload } : null;
  return html`
    <li class="entry">
      <p><time>${exact(entry.at)}</time> <strong>${KINDS[entry.kind]()}</strong> ${wordsOf(entry.kind, entry.payload, view.visit)}
        ${view.unsent.has(event.id) ? badge(_("not sent"), "warn") : nothing}</p>
      ${originally
        ? html`<p class="original"><span>${_("Originally:")}</span> <del><time>${exact(originally.at)}</time> ${wordsOf(entry.kind, originally.payload, view.visit)}</del></p>
            ${amendments.map((amendment) => html`<p class="muted">${icon("edit")}${_("Corrected: {reason}", { reason: amendment.payload.reason })}${
              view.unsent.has(amendment.id) ? badge(_("not sent"), "warn") : nothing}</p>`)}`
        : nothing}
      ${entry.kind === "checked" || entry.kind === "shift_closed" ? nothing : amendForm(view, entry)}
    </li>
  `;
}

export function wordsOf(kind, payload, visit) {
  const words = {
    arrived: () => (payload.place ? _("with place") : _("without place")),
    checked: () => Object.entries(payload.answers).map(([key, yes]) => `${QUESTIONS[key]?.() ?? key}: ${yes ? _("Yes") : _("No")}`).join("; "),
    vitals: () => [`${payload.systolic}/${payload.diastolic}`, payload.heart_rate && _("{rate}/min", { rate: payload.heart_rate }), payload.oxygen && `${payload.oxygen} %`].filter(Boolean).join(" · "),
    no_go: () => [NO_GO[payload.reason]?.(), payload.text].filter(Boolean).join(": "),
    phase_began: () => phaseAt(visit, payload.position),
    note: () => payload.text,
    discharged: () => payload.mood ?? "",
    departed: () => (payload.early ? _("early: {reason} ({prescriber})", payload.early) : ""),
    picked_up: () => units(payload.item, payload.units),
    used: () => units(payload.item, payload.units),
    wasted: () => [units(payload.item, payload.units), payload.reason, payload.witness && _("witness {name}", { name: payload.witness })].filter(Boolean).join(", "),
    returned: () => [units(payload.item, payload.units), payload.to].filter(Boolean).join(", "),
    explained: () => `${units(payload.item, payload.difference)}: ${payload.reason}`,
  };
  return words[kind]?.() ?? "";
}

const phaseAt = (visit, position) => {
  const phase = visit?.phases.find((each) => each.position === position);
  return phase ? phaseName(phase) : String(position);
};

function amendForm(view, entry) {
  const keep = async (said) => {
    const payload = amended(entry, said);
    const fault = faultOf(entry.kind, payload);
    if (fault) return fault;
    const at = fromInput(said.at, entry.at);
    if (Number.isNaN(at)) return _("Give the time as day and time.");
    if (at > view.phone.now() + 60_000) return _("{time} has not come yet: give the time when it happened.", { time: exact(at) });
    const moved = Math.floor(at / 1000) !== Math.floor(entry.at / 1000);
    const corrected = moved ? instant(at - (view.phone.clock.offset ?? 0)) : null;
    const { visit, day } = entry.event;
    await view.phone.add("amended", {
      visit,
      day,
      payload: { amends: entry.event.id, payload, at: corrected, reason: said.why.trim() },
    });
    return null;
  };
  const fields = html`
    ${fieldsOf(view, entry)}
    <label class="field"><span>${_("When it happened")}</span><input class="input" type="datetime-local" step="1" name="at" required .defaultValue=${localInput(entry.at)}></label>
    ${text(_("Why it was wrong"), "why", { required: true })}`;
  const id = entry.event.id;
  return fold(_("Correct this"), form(fields, _("Keep the correction"), keep, { kind: "quiet", name: `amend-${id}` }), { symbol: "edit", name: `amend-${id}` });
}

function fieldsOf({ visit }, { kind, payload }) {
  const count = () => number(_("Units"), "units", { min: 1, max: 10000, value: payload.units, required: true });
  const fields = {
    vitals: () => html`<div class="vitals-fields">
      ${number(_("Systolic"), "systolic", { min: 30, max: 300, value: payload.systolic, required: true })}
      ${number(_("Diastolic"), "diastolic", { min: 10, max: 200, value: payload.diastolic, required: true })}
      ${number(_("Heart rate"), "heart_rate", { min: 10, max: 300, value: payload.heart_rate ?? "" })}
      ${number(_("Oxygen"), "oxygen", { min: 30, max: 100, value: payload.oxygen ?? "", unit: "%" })}</div>`,
    phase_began: () => select(_("Phase"), "position", visit.phases.map((phase) => [String(phase.position), phaseName(phase)]), { value: String(payload.position) }),
    note: () => text(_("Note"), "text", { value: payload.text, required: true, rows: 3 }),
    no_go: () => html`${select(_("Reason"), "reason", Object.entries(NO_GO).map(([code, words]) => [code, words()]), { value: payload.reason })}
      ${text(_("In your words"), "text", { value: payload.text, rows: 2 })}`,
    discharged: () => text(_("Mood, in a few words"), "mood", { value: payload.mood ?? "" }),
    picked_up: count,
    used: count,
    returned: count,
    wasted: () => html`${count()}${text(_("Witness"), "witness", { value: payload.witness ?? "" })}`,
    explained: () => number(_("Difference"), "difference", { min: -10000, max: 10000, value: payload.difference, required: true }),
  };
  return fields[kind]?.() ?? nothing;
}

const NUMBERS = ["systolic", "diastolic", "heart_rate", "oxygen", "position", "units", "difference"];
const FIELDS = [...NUMBERS, "text", "reason", "mood", "witness"];

function amended({ payload }, said) {
  const changed = { ...payload };
  for (const name of FIELDS) {
    if (!(name in said)) continue;
    if (NUMBERS.includes(name)) changed[name] = said[name] === "" ? undefined : Number(said[name]);
    else changed[name] = said[name].trim();
  }
  return changed;
}

function faultOf(kind, payload) {
  if (kind === "vitals" && payload.diastolic >= payload.systolic) {
    return _("Diastolic {diastolic} must be below systolic {systolic}: check the two numbers.", payload);
  }
  return null;
}
