// Instants and spans as people read them: the clinic's local time, the nurse's language.

import { _, chosen } from "./text.js";

export const MINUTE = 60_000;

let zone = "UTC";
const formats = new Map();

export function useZone(name) {
  zone = name;
}

/** Milliseconds of an instant as the service writes it; null stays null. */
export const ms = (instant) => (instant == null ? null : Date.parse(instant));

/** "2026-11-28T15:04:05.123Z" of milliseconds. */
export const instant = (at) => new Date(at).toISOString();

/** "9:40 AM". */
export const clock = (at) => format({ hour: "numeric", minute: "2-digit" }).format(at);

/** "9:40:05 AM", where seconds matter. */
export const exact = (at) => format({ hour: "numeric", minute: "2-digit", second: "2-digit" }).format(at);

/** "8:25 – 10:40 AM". */
export const span = (from, to) => format({ hour: "numeric", minute: "2-digit" }).formatRange(from, to);

/** "2026-11-28": the clinic's date at an instant. */
export function dayOf(at) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** "Saturday, November 28" of a date. */
export const dayName = (day) =>
  format({ weekday: "long", month: "long", day: "numeric" }, "UTC").format(Date.parse(day));

/** "Sat, Nov 28". */
export const shortDay = (day) =>
  format({ weekday: "short", month: "short", day: "numeric" }, "UTC").format(Date.parse(day));

/** "1 h 5 min" of milliseconds, rounded to minutes. */
export function duration(span_) {
  const minutes = Math.round(span_ / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (!hours) return _("{minutes} min", { minutes });
  if (!(minutes % 60)) return _("{hours} h", { hours });
  return _("{hours} h {minutes} min", { hours, minutes: minutes % 60 });
}

/** "1:04:09" or "4:09" of milliseconds, cut to seconds; never negative. */
export function stopwatch(span_) {
  const all = Math.max(0, Math.floor(span_ / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Value of a datetime-local input, in the clinic's time. */
export function localInput(at) {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return `${dayOf(at)}T${time.format(at)}`;
}

/** The instant of a datetime-local value in the clinic's time, nearest to `near`: twice-told hours in autumn. */
export function fromInput(value, near) {
  const wall = Date.parse(`${value}Z`);
  const around = [-26, -1, 0, 1, 26].map((hours) => wall - shift(wall + hours * 60 * MINUTE));
  const fits = around.filter((at) => at + shift(at) === wall);
  return (fits.length ? fits : around).sort((one, other) => Math.abs(one - near) - Math.abs(other - near))[0];
}

// Local time minus UTC at an instant.
function shift(at) {
  const whole = Math.floor(at / 1000) * 1000;
  return Date.parse(`${localInput(whole)}Z`) - whole;
}

function format(options, ofZone = zone) {
  const key = JSON.stringify([chosen(), ofZone, options]);
  if (!formats.has(key)) {
    const locale = chosen() === "en" ? "en-US" : "es-US";
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ofZone, ...options }));
  }
  return formats.get(key);
}
