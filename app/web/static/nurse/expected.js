// When she is expected at her next stops, by her plan and by how far she has come. As app/field/expected.py.
// She is nowhere before she is planned to be, but for what her events say. An overrun or a late start moves every
// later stop at once; waiting on the way makes up for it.

import { MINUTE, ms } from "./times.js";

const STEP = 5 * MINUTE;

/** By visit: {arrival, start, end, late, arrived}, milliseconds. `route`: {departure, break_start, break_minutes,
 * stops: [{visit, arrival, start, end, travel_seconds, phases, off}]}; `records`: a Map by visit. */
export function expectedOf(route, records, now) {
  const found = new Map();
  let leaves = ms(route.departure) ?? now;
  let seen = leaves;
  for (const stop of route.stops) {
    const record = records.get(stop.visit);
    const began = beganOf(record);
    if (stop.off && began === null) continue;
    const [onTheWay, atTheDoor] = rests(route, seen, stop);
    const soonest = leaves + stop.travel_seconds * 1000 + onTheWay;
    const arrival = began ?? Math.max(ms(stop.arrival), soonest, now);
    const begun = record ? [...record.begun.values()] : [];
    const ready = arrival + atTheDoor;
    const start = begun.length ? Math.min(...begun) : Math.max(ms(stop.start), ready, takenOver(stop, record, now) ?? ready);
    const end = endOf(stop, record, began, start, now);
    const late = Math.max(arrival - ms(stop.arrival), 0);
    found.set(stop.visit, { arrival, start, end, late, arrived: began !== null });
    [leaves, seen] = [end, ms(stop.end)];
  }
  return found;
}

/** The arrival as people are told it: up to the next five minutes where it is late and yet to come. */
export const toldArrival = ({ arrival, late, arrived }) => (late && !arrived ? Math.ceil(arrival / STEP) * STEP : arrival);

/** The route of a day of the snapshot. */
export function routeOf(day, visits) {
  const rest = day.steps.find((step) => step.kind === "break");
  let travel = 0;
  const stops = [];
  for (const step of day.steps) {
    if (step.kind === "drive") travel = step.seconds;
    const visit = step.kind === "visit" ? visits[step.visit] : null;
    if (!visit) continue;
    const { id, arrival, start, end, phases, status, hand_over: shared } = visit;
    const meeting = shared && { gives: shared.gives, at: shared.due, overlap_minutes: shared.overlap_minutes, before: shared.before };
    stops.push({ visit: id, arrival, start, end, travel_seconds: travel, phases, meeting, off: status === "cancelled" });
  }
  return {
    departure: day.departure,
    break_start: rest?.at ?? null,
    break_minutes: rest ? rest.seconds / 60 : 0,
    stops,
  };
}

// At her check-in, or with the first phase where she forgot that.
function beganOf(record) {
  if (!record) return null;
  const times = [record.arrived_at, ...record.begun.values()].filter((at) => at !== null);
  return times.length ? Math.min(...times) : null;
}

function endOf(stop, record, began, start, now) {
  if (record && record.departed_at !== null) return record.departed_at;
  if (began !== null && record.state === "no_go") return now;
  const ends = stayEnds(stop, record, began, start, now);
  return Math.max(ends, handedOver(stop, record, now) ?? ends);
}

function stayEnds(stop, record, began, start, now) {
  const stay = ms(stop.end) - ms(stop.start);
  if (began === null) return start + stay;
  if (!record.begun.size) return Math.max(start, now) + stay; // checked in, nothing begun: all of it is still to come
  return byPhases(stop, record, now);
}

// When she takes over: the other nurse's phases go on as her own would.
function takenOver({ meeting }, record, now) {
  if (!meeting || meeting.gives) return null;
  if (record && record.infusion_ended !== null) return record.infusion_ended;
  const before = new Map(meeting.before.map((phase) => [phase.position, phase.minutes * MINUTE]));
  const begun = [...(record?.partner_phases ?? [])].filter(([position]) => before.has(position));
  if (!begun.length) return Math.max(ms(meeting.at), now);
  const [current, since] = begun.reduce((last, one) => (one[0] > last[0] ? one : last));
  const later = [...before].reduce((sum, [position, span]) => (position > current ? sum + span : sum), 0);
  return Math.max(now, since + before.get(current)) + later;
}

// When she may leave whom she hands over, while the other nurse is not there yet.
function handedOver({ meeting }, record, now) {
  if (!meeting?.gives || (record && record.earliest_departure !== null)) return null;
  return Math.max(ms(meeting.at), now) + meeting.overlap_minutes * MINUTE;
}

// The phase that runs lasts as long as planned, or has taken longer already; the later ones follow.
function byPhases(stop, record, now) {
  const current = Math.max(...record.begun.keys());
  const minutes = (phases) => phases.reduce((sum, phase) => sum + phase.minutes * MINUTE, 0);
  const runs = stop.phases.filter((phase) => phase.position === current);
  const ends = Math.max(now, record.begun.get(current) + minutes(runs));
  const later = minutes(stop.phases.filter((phase) => phase.position > current));
  return Math.max(ends + later, record.earliest_departure ?? ends);
}

// The part of the break that falls on the drive to a stop, and the part at its door.
function rests(route, since, stop) {
  const start = ms(route.break_start);
  const rest = route.break_minutes * MINUTE;
  if (start === null || start < since || start >= ms(stop.start)) return [0, 0];
  return start < ms(stop.arrival) ? [rest, 0] : [0, rest];
}
