// What is new since she last said she had seen it: marked until she says so.

import { to } from "../links.js";
import { clock, ms } from "../times.js";
import { _ } from "../text.js";
import { badge, big, html, icon, nothing } from "./parts.js";

const KINDS = {
  added: [() => _("New"), "ok"],
  removed: [() => _("No longer yours"), "danger"],
  moved: [() => _("Moved"), "warn"],
  changed: [() => _("Changed"), "info"],
};

/** Whether she has just said, on this phone, that she has seen the changes of this plan. */
const isSeen = (phone, found) =>
  phone.events.some((event) => event.kind === "changes_seen" && event.day === found.day && event.payload.plan === found.plan);

export const changesOf = (phone, found) => (found?.changes?.length && !isSeen(phone, found) ? found.changes : []);

export function changesCard(phone, found) {
  const changes = changesOf(phone, found);
  if (!changes.length) return nothing;
  const seen = () => phone.add("changes_seen", { day: found.day, payload: { plan: found.plan } });
  return html`
    <section class="card changes" aria-labelledby="changes-title">
      <h2 id="changes-title">${icon("warning")}${_("Changed since you last looked")}</h2>
      <ul class="plain">${changes.map((change) => line(phone, change))}</ul>
      ${big(_("I have seen this"), seen, { symbol: "ok" })}
    </section>
  `;
}

function line(phone, change) {
  const [words, kind] = KINDS[change.kind] ?? KINDS.changed;
  const visit = phone.visit(change.visit);
  const link = html`<a class="inline-link" href=${to.visit(change.visit)}>${_("Open the visit")}</a>`;
  return html`<li class="change">${badge(words(), kind)}<span>${wordsOf(change, visit)}</span>
    ${visit && visit.status !== "cancelled" ? link : nothing}</li>`;
}

function wordsOf(change, visit) {
  const at = (instant) => (instant ? clock(ms(instant)) : "?");
  const values = { name: visit?.patient.name ?? "?", start: at(change.start), was: at(change.was) };
  const words = {
    added: () => _("{name} at {start}", values),
    removed: () => _("Your visit at {was}", values),
    moved: () => _("{name}: starts at {start}, not {was}", values),
    changed: () => _("{name}: lasts longer or shorter", values),
  };
  return words[change.kind]?.() ?? change.words;
}
