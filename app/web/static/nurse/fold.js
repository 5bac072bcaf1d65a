// The record of a visit: what a set of events adds up to. As app/field/fold.py; the cases of tests/cases/field
// hold the two together. Instants are milliseconds here; `asWritten` writes them as the service does.

import { storyOf } from "./story.js";

const MINUTE = 60_000;
const EARTH_M = 6_371_008.8;
const FAR_OFF_M = 300;

/** `visit` as in the snapshot; `others`: the partner's events, as far as they are known. */
export function recordOf(visit, events, others, now) {
  const hers = storyOf(events);
  const theirs = storyOf(others);
  const partnerPhases = begunBy(theirs);
  const of = (...kinds) => hers.entries.filter((entry) => kinds.includes(entry.kind));
  const [arrived, departed, discharged] = [of("arrived")[0], of("departed").at(-1), of("discharged").at(-1)];
  const decision = of("go", "no_go").at(-1);
  const course = courseOf(visit, of("phase_began"));
  const record = {
    arrived_at: arrived?.at ?? null,
    departed_at: departed?.at ?? null,
    answers: merged(of("checked")),
    go_at: decision?.kind === "go" ? decision.at : null,
    no_go: decision?.kind === "no_go" ? { text: "", ...decision.payload, at: decision.at } : null,
    isPresent: Boolean(arrived) || course.begun.size > 0,
    begun: course.begun,
    current: departed ? null : course.current,
    phases: phasesOf(visit, course, departed),
    partner_phases: partnerPhases,
    infusion_ended: infusionEnded(visit, course, partnerPhases),
    partner_at: theirs.entries.find((entry) => entry.kind === "arrived")?.at ?? null,
    vitals: of("vitals").map((entry) => reading(visit, entry)),
    early: departed?.payload.early ?? null,
    discharge: discharged ? { ...discharged.payload, at: discharged.at } : null,
    notes: of("note").map((entry) => ({ at: entry.at, text: entry.payload.text })),
    entries: hers.entries,
  };
  record.missing_answers = missingAnswers(visit, record.answers);
  record.vitals_due_at = vitalsDue(visit, record);
  record.earliest_departure = earliestDeparture(visit, record);
  record.may_leave = mayLeave(visit, record, now);
  record.discharge_missing = dischargeMissing(visit, record.discharge);
  record.state = stateOf(visit, record, now);
  record.flags = [...new Set(flagsOf(visit, record, hers, course, of))].sort();
  return record;
}

/** The go/no-go list that the protocol asks for. */
export const questions = (visit) =>
  ["order_valid", "identity", "fasting", "adult", "kit"].filter((key) => key !== "adult" || visit.adult_hours > 0);

export const gives = (visit) => Boolean(visit.hand_over?.gives);
export const takes = (visit) => Boolean(visit.hand_over && !visit.hand_over.gives);

/** Whether anybody must stay for the monitoring of an infusion, hers or the other nurse's. */
export const hasInfusion = (visit) => takes(visit) || visit.phases.some((phase) => phase.kind === "infusion");

/** Whether she need not go: cancelled, and she has not been there. Her own no-go cancels a visit, too. */
export const isOff = (visit, record) => visit.status === "cancelled" && record.state === "planned";

const merged = (entries) => Object.assign({}, ...entries.map((entry) => entry.payload.answers));
const missingAnswers = (visit, answers) => questions(visit).filter((question) => answers[question] !== true);
const least = (times) => (times.length ? Math.min(...times) : null);

// Positions only go up: one that has begun has begun, and a lower one is not gone back to.
function courseOf(visit, entries) {
  const known = visit.phases.map((phase) => phase.position);
  const begun = new Map();
  const flags = [];
  let last = -1;
  for (const { at, payload } of entries) {
    const { position } = payload;
    if (!known.includes(position)) flags.push("unknown_phase");
    else if (!begun.has(position) && position < last) flags.push("out_of_order");
    else if (!begun.has(position)) {
      if (position !== known.find((each) => each > last)) flags.push("skipped_phase");
      begun.set(position, at);
      last = position;
    }
  }
  return { begun, flags, current: visit.phases.find((phase) => phase.position === last) ?? null };
}

function phasesOf(visit, { begun }, departed) {
  const order = [...begun.keys()];
  const ended = (position) => begun.get(order[order.indexOf(position) + 1]) ?? departed?.at ?? null;
  return visit.phases.map(({ position }) => ({
    position,
    began: begun.get(position) ?? null,
    ended: begun.has(position) ? ended(position) : null,
  }));
}

// When each phase was first begun.
function begunBy({ entries }) {
  const begun = new Map();
  for (const { kind, at, payload } of entries) {
    if (kind === "phase_began" && !begun.has(payload.position)) begun.set(payload.position, at);
  }
  return begun;
}

// In her own events or else in the other nurse's; one who takes over knows it from the other.
function infusionEnded(visit, { begun }, partnerPhases) {
  if (!hasInfusion(visit)) return null;
  const from = afterInfusion(visit);
  const [own, others] = [begun, partnerPhases].map((phases) => least([...phases].filter(([position]) => position >= from).map(([, at]) => at)));
  return takes(visit) ? (others ?? own) : (own ?? others);
}

function afterInfusion(visit) {
  const positions = (kinds) => visit.phases.filter(kinds).map((phase) => phase.position);
  if (takes(visit)) return Math.min(...positions(() => true));
  return Math.max(...positions((phase) => phase.kind === "infusion")) + 1;
}

function earliestDeparture(visit, { infusion_ended: ended, partner_at: partner }) {
  if (ended === null) return null;
  if (gives(visit)) {
    return partner === null ? null : Math.max(partner, ended) + visit.hand_over.overlap_minutes * MINUTE;
  }
  const monitoring = visit.phases.filter((phase) => phase.kind === "monitoring");
  return ended + monitoring.reduce((sum, phase) => sum + phase.minutes, 0) * MINUTE;
}

function reading({ limits }, { at, payload, event }) {
  const over =
    (limits?.max_systolic != null && payload.systolic > limits.max_systolic) ||
    (limits?.max_diastolic != null && payload.diastolic > limits.max_diastolic);
  const { systolic, diastolic, heart_rate = null, oxygen = null, phase = null } = payload;
  return { at, systolic, diastolic, heart_rate, oxygen, phase, over_limit: over, id: event.id };
}

function vitalsDue(visit, { current, begun, vitals }) {
  if (!current || !["infusion", "monitoring"].includes(current.kind)) return null;
  const every = visit.vitals_every?.[current.kind];
  if (every == null) return null;
  return Math.max(begun.get(current.position), ...vitals.map((one) => one.at)) + every * MINUTE;
}

function mayLeave(visit, record, now) {
  const no = (reason) => ({ ok: false, reason });
  if (!record.isPresent || record.no_go || !hasInfusion(visit)) return { ok: true, reason: null };
  if (record.infusion_ended === null) return no("infusion");
  if (record.earliest_departure === null) return no("partner");
  if (now < record.earliest_departure) return no(gives(visit) ? "overlap" : "monitoring");
  return { ok: true, reason: null };
}

function stateOf(visit, record, now) {
  const { earliest_departure: earliest, isPresent } = record;
  if (record.departed_at !== null) return "departed";
  if (record.no_go) return "no_go";
  const stayed = isPresent && earliest !== null && now >= earliest;
  if (hasInfusion(visit) ? stayed : record.discharge !== null) return "over";
  if (record.infusion_ended !== null && isPresent) return "monitoring";
  if (record.begun.size || record.go_at !== null) return "under_way";
  return record.arrived_at === null ? "planned" : "arrived";
}

/** What a discharge still lacks, by name. */
export function dischargeMissing(visit, discharge) {
  if (gives(visit) || !hasInfusion(visit)) return [];
  if (discharge === null) return ["discharge"];
  const missing = (visit.discharge_criteria ?? []).filter((name) => discharge.criteria?.[name] !== true);
  if (visit.adult_hours > 0 && discharge.adult_present !== true) missing.push("adult_present");
  if (visit.mania_check && discharge.mania_signs == null) missing.push("mania_signs");
  return missing;
}

function flagsOf(visit, record, hers, course, of) {
  const flags = [...course.flags, ...flagsOfLeaving(visit, record)];
  const check = (code, holds) => holds && flags.push(code);
  const came = of("arrived")[0];
  check("clock_jump", hers.jumped);
  check("over_limit", record.vitals.some((one) => one.over_limit));
  check("no_arrival", !came && (record.begun.size || of("go", "no_go", "departed").length));
  const place = came?.event.payload.place; // an amendment corrects the time, never the place
  check("no_place", came && !place);
  check("far_off", place && isFarOff(visit.patient, place));
  const go = of("go").at(-1);
  if (go) {
    const before = hers.entries.slice(0, hers.entries.indexOf(go));
    const answers = merged(before.filter((entry) => entry.kind === "checked"));
    const last = before.filter((entry) => entry.kind === "vitals").at(-1);
    check("go_incomplete", missingAnswers(visit, answers).length);
    check("go_over_limit", last && reading(visit, last).over_limit);
  }
  return flags;
}

function flagsOfLeaving(visit, record) {
  const flags = [];
  const { discharge, departed_at: departed, earliest_departure: earliest, early } = record;
  if (discharge && record.discharge_missing.length) flags.push("discharge_incomplete");
  if (discharge?.mania_signs === true) flags.push("mania_signs");
  if (departed === null || record.no_go || !hasInfusion(visit)) return flags;
  if (!discharge && !gives(visit)) flags.push("no_discharge");
  if (earliest === null || departed < earliest) {
    flags.push("early_departure");
    if (!early?.reason?.trim()) flags.push("early_unexplained");
  }
  return flags;
}

function isFarOff(patient, place) {
  if (patient?.latitude == null) return false;
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const [from, to] = [radians(patient.latitude), radians(place.latitude)];
  const across = Math.sin((to - from) / 2) ** 2;
  const along = Math.sin(radians(place.longitude - patient.longitude) / 2) ** 2;
  const half = Math.sqrt(across + Math.cos(from) * Math.cos(to) * along);
  return 2 * EARTH_M * Math.asin(Math.min(1, half)) - place.accuracy_m > FAR_OFF_M;
}

/** The record as the service writes it, with instants as text. */
export function asWritten(record) {
  const text = (at) => (at === null ? null : new Date(at).toISOString());
  const dated = (told) => told && { ...told, at: text(told.at) };
  const names = ["arrived_at", "departed_at", "go_at", "infusion_ended", "earliest_departure", "vitals_due_at"];
  return {
    ...record,
    ...Object.fromEntries(names.map((name) => [name, text(record[name])])),
    no_go: dated(record.no_go),
    discharge: dated(record.discharge),
    phases: record.phases.map((phase) => ({ ...phase, began: text(phase.began), ended: text(phase.ended) })),
    vitals: record.vitals.map(({ id: _id, phase: _phase, ...one }) => dated(one)),
  };
}
