// How long patients' data may stay on the phone: while a shift is near or open, and while she is at a patient.

import { MINUTE, ms } from "./times.js";

const BEFORE = 12 * 60 * MINUTE;
const AFTER = 4 * 60 * MINUTE;
const BESIDE_PATIENT = ["arrived", "under_way", "monitoring", "over"];

/** Whether she is with a patient whose visit has begun and not ended. */
export const isBesidePatient = (records) => records.some((record) => BESIDE_PATIENT.includes(record.state));

/** Whether the snapshot is to be kept on the phone. `isClosed(day)`: whether she has closed that day's shift. */
export function mustKeep(snapshot, records, isClosed, now) {
  if (isBesidePatient(records)) return true;
  return snapshot.days.some(
    ({ day, shift }) =>
      shift && !isClosed(day) && ms(shift.start) - BEFORE <= now && now <= ms(shift.end) + AFTER,
  );
}
