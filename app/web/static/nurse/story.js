// A set of events becomes a story: each once, in order of time, with what was amended. As app/field/story.py.

const JUMP = 60_000;

/** When an event happened by the service's clock, as far as that is known; milliseconds. */
export const timeOf = (event) =>
  event.time ? Date.parse(event.time) : Date.parse(event.at) + (event.offset_ms ?? 0);

/** `entries` in order, without the amendments themselves: {event, kind, at, payload, amendments}.
 * `jumped`: a clock was set in between. */
export function storyOf(events) {
  const known = [...new Map(events.filter((event) => !event.set_aside).map((event) => [event.id, event])).values()];
  const inSequence = known.sort(by((event) => event.device, (event) => event.seq, timeOf, (event) => event.id));
  const times = timesOf(inSequence);
  const inOrder = by((event) => times.get(event.id), ...TIE);
  const originals = new Map();
  for (const event of inSequence) if (event.kind !== "amended") originals.set(event.id, event);
  const amendments = new Map();
  for (const event of [...inSequence].sort(inOrder)) {
    if (event.kind !== "amended" || !originals.has(event.payload.amends)) continue;
    if (!event.payload.reason?.trim() || typeof event.payload.payload !== "object") continue;
    amendments.set(event.payload.amends, [...(amendments.get(event.payload.amends) ?? []), event]);
  }
  const entries = [...originals.values()].map((event) =>
    entry(event, times.get(event.id), amendments.get(event.id) ?? []),
  );
  entries.sort(by((one) => one.at, (one) => one.event.device, (one) => one.event.seq, (one) => one.event.id));
  return { entries, jumped: jumped(inSequence, times) };
}

const TIE = [(event) => event.device, (event) => event.seq, (event) => event.id];

function by(...keys) {
  return (one, other) => {
    for (const key of keys) {
      const [left, right] = [key(one), key(other)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

// On one device the sequence is right and the clock may not be: nothing happened before what was recorded earlier.
function timesOf(inSequence) {
  const times = new Map();
  const latest = new Map();
  for (const event of inSequence) {
    const time = Math.max(timeOf(event), latest.get(event.device) ?? -Infinity);
    latest.set(event.device, time);
    times.set(event.id, time);
  }
  return times;
}

function jumped(inSequence, times) {
  if (inSequence.some((event) => times.get(event.id) - timeOf(event) > JUMP)) return true;
  return inSequence.some((after, place) => {
    const before = inSequence[place - 1];
    return (
      before?.device === after.device &&
      before.offset_ms != null &&
      after.offset_ms != null &&
      Math.abs(after.offset_ms - before.offset_ms) > JUMP
    );
  });
}

function entry(event, at, amendments) {
  const newest = amendments.at(-1);
  if (!newest) return { event, kind: event.kind, at, payload: event.payload, amendments };
  const corrected = newest.payload.at;
  const moved = corrected ? Date.parse(corrected) + (newest.offset_ms ?? 0) : at;
  return { event, kind: event.kind, at: moved, payload: newest.payload.payload, amendments };
}
