// What a nurse carries on one day: picked up, used, wasted, returned. As app/field/custody.py.

import { storyOf } from "./story.js";

const COUNTED = { picked_up: 1, used: -1, wasted: -1, returned: -1 };

/** `drugs`: the items whose waste needs a witness. `lines` by item in order of name; what is `missing` before
 * the shift can be closed. */
export function custodyOf(events, drugs) {
  const { entries } = storyOf(events);
  const lines = new Map();
  const missing = [];
  const line = (item) => {
    if (!lines.has(item)) {
      lines.set(item, { item, picked_up: 0, used: 0, wasted: 0, returned: 0, difference: 0, explained: 0 });
    }
    return lines.get(item);
  };
  for (const { kind, payload, event } of entries) {
    if (kind in COUNTED) {
      line(payload.item)[kind] += payload.units;
      line(payload.item).difference += COUNTED[kind] * payload.units;
    }
    if (kind === "explained") line(payload.item).explained += payload.difference;
    if (kind === "wasted" && drugs.includes(payload.item) && !payload.witness?.trim()) {
      missing.push({ item: payload.item, code: "witness", event: event.id });
    }
  }
  const sorted = [...lines.values()].sort((one, other) => (one.item < other.item ? -1 : 1));
  for (const each of sorted) {
    each.unexplained = each.difference - each.explained;
    if (each.unexplained) missing.push({ item: each.item, code: "difference", units: each.unexplained });
  }
  const said = entries.some((entry) => entry.kind === "shift_closed");
  const flags = said && missing.length ? ["closed_with_difference"] : [];
  const own = entries.filter(({ kind }) => kind in COUNTED || ["explained", "shift_closed"].includes(kind));
  return { lines: sorted, missing, closed: said && !missing.length, flags, entries: own };
}
