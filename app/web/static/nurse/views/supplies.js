// Kits and drugs of a shift: picked up, used, wasted, returned; and the end of the shift.

import { to } from "../links.js";
import { _ } from "../text.js";
import { titleOf } from "./day.js";
import { entriesList } from "./entries.js";
import { badge, big, fold, form, html, icon, note, nothing, number, text } from "./parts.js";
import { units } from "./words.js";

/** At a visit: what of the kits and drugs was used or wasted there. */
export function atVisitPart({ phone, visit, record }) {
  const give = (kind, payload) => phone.add(kind, { visit: visit.id, day: visit.day, payload });
  const planned = [...visit.drug_units, ...visit.kit.map((item) => ({ item, units: 1 }))];
  if (!planned.length) return nothing;
  const used = (item) => sum(record, "used", item);
  const open = planned.map((each) => ({ ...each, units: each.units - used(each.item) })).filter((each) => each.units > 0);
  const all = async () => {
    for (const each of open) await give("used", each);
  };
  return html`
    <section class="card part" aria-labelledby="used-title">
      <h2 id="used-title">${_("Kits and drugs")}</h2>
      <ul class="plain">${planned.map((each) => html`<li>${units(each.item, each.units)}
        ${used(each.item) ? badge(_("{count} used", { count: used(each.item) }), "ok") : nothing}
        ${sum(record, "wasted", each.item) ? badge(_("{count} wasted", { count: sum(record, "wasted", each.item) }), "warn") : nothing}</li>`)}</ul>
      ${open.length ? big(_("All of this is used"), all, { kind: "quiet", symbol: "ok" }) : nothing}
      ${countFold(_("Used: another count"), "used", itemsOf(phone, visit.day), give)}
      ${wasteFold(phone, visit.day, give)}
    </section>
  `;
}

const sum = (record, kind, item) =>
  record.entries.filter((entry) => entry.kind === kind && entry.payload.item === item).reduce((all, entry) => all + entry.payload.units, 0);

export function suppliesView(phone, day) {
  const found = phone.day(day);
  const custody = phone.custody(day);
  const give = (kind, payload = {}) => phone.add(kind, { day, payload });
  const isClosed = phone.isClosed(day);
  const items = itemsOf(phone, day);
  const open = html`
    <section class="part" aria-labelledby="count-title"><h2 id="count-title">${_("Count")}</h2>
      ${countFold(_("Picked up"), "picked_up", items, give)}
      ${countFold(_("Returned"), "returned", items, give, text(_("To whom"), "to"))}
      ${wasteFold(phone, day, give)}</section>
    ${closing(custody, give)}`;
  const closed = note(_("This shift is closed. Correct an entry below if it was wrong."), "success");
  return html`
    <p><a class="back" href=${to.day(day)}>${icon("back")}${titleOf(phone, day)}</a></p>
    <div class="page-head"><div><h1 id="title" tabindex="-1">${_("Kits and drugs")}</h1>
      <p class="subtitle">${titleOf(phone, day)}</p></div>${isClosed ? badge(_("Shift closed"), "ok") : nothing}</div>
    ${planned(found)}
    ${custody.lines.length ? lines(custody) : html`<p class="card part">${_("Nothing counted yet.")}</p>`}
    ${isClosed ? closed : open}
    ${entriesList(phone, custody.entries, null)}
  `;
}

function planned(found) {
  if (!found?.pickup?.length) return nothing;
  return html`<section class="part" aria-labelledby="planned-title"><h2 id="planned-title">${_("Planned for this day")}</h2>
    <ul class="plain">${found.pickup.map((each) => html`<li>${units(each.item, each.units)}</li>`)}</ul></section>`;
}

function lines({ lines: all }) {
  const counted = [
    ["picked_up", _("Picked up")],
    ["used", _("Used")],
    ["wasted", _("Wasted")],
    ["returned", _("Returned")],
  ];
  return html`<ul class="stock">${all.map(
    (line) => html`<li class="card">
      <h2>${line.item} ${line.unexplained
        ? badge(line.difference > 0 ? _("{count} left", { count: line.difference }) : _("{count} too many", { count: -line.difference }), "warn")
        : badge(line.difference ? _("explained") : _("even"), "ok")}</h2>
      <dl class="counts">${counted.map(([name, words]) => html`<div><dt>${words}</dt><dd>${line[name]}</dd></div>`)}</dl>
    </li>`,
  )}</ul>`;
}

function closing({ lines: all, missing }, give) {
  const open = all.filter((line) => line.unexplained);
  const unseen = missing.filter((each) => each.code === "witness");
  const ready = !missing.length;
  return html`
    <section class="card part" aria-labelledby="close-title">
      <h2 id="close-title">${_("Close the shift")}</h2>
      ${open.map((line) => explain(line, give))}
      ${unseen.map((each) => note(_("{item}: waste without a witness. Correct that entry below.", { item: each.item }), "warning"))}
      ${ready ? html`<p>${_("Everything is accounted for.")}</p>` : html`<p id="not-yet">${_("A shift is closed when every difference is gone or explained.")}</p>`}
      ${big(_("Close the shift"), () => give("shift_closed"), { symbol: "ok", disabled: !ready, describes: ready ? undefined : "not-yet" })}
      <p class="hint">${_("When all is sent, patients' data are removed from this phone.")}</p>
    </section>
  `;
}

function explain(line, give) {
  const keep = async ({ reason }) => {
    await give("explained", { item: line.item, difference: line.unexplained, reason: reason.trim() });
    return null;
  };
  const words =
    line.unexplained > 0
      ? _("{count} of {item} are not accounted for.", { count: line.unexplained, item: line.item })
      : _("{count} of {item} more than were picked up.", { count: -line.unexplained, item: line.item });
  const fields = text(_("What happened"), "reason", { required: true, rows: 2 });
  const asked = form(fields, _("Keep the explanation"), keep, { kind: "quiet", name: `explain-${line.item}` });
  const title = _("Explain: {item}", { item: line.item });
  return [note(words, "warning"), fold(title, asked, { symbol: "edit", name: `explain-${line.item}` })];
}

function countFold(words, kind, items, give, more = nothing) {
  const keep = async (said) => {
    const payload = { item: said.item.trim(), units: Number(said.units) };
    if ("to" in said) payload.to = said.to.trim();
    await give(kind, payload);
    return null;
  };
  const fields = html`${itemField(items)}${number(_("Units"), "units", { min: 1, max: 10000, required: true })}${more}`;
  return fold(words, form(fields, _("Keep the count"), keep, { kind: "quiet", name: kind }), { symbol: "plus", name: kind });
}

function wasteFold(phone, day, give) {
  const drugs = drugsOf(phone, day);
  const keep = async (said) => {
    const payload = { item: said.item.trim(), units: Number(said.units), witness: said.witness.trim(), reason: said.reason.trim() };
    if (drugs.includes(payload.item) && !payload.witness) return _("Waste of {item} needs a witness: give the name.", { item: payload.item });
    await give("wasted", payload);
    return null;
  };
  const fields = html`
    ${itemField(itemsOf(phone, day))}
    ${number(_("Units"), "units", { min: 1, max: 10000, required: true })}
    ${text(_("Witness"), "witness")}
    ${text(_("Reason"), "reason", { required: true })}`;
  return fold(_("Wasted"), form(fields, _("Keep the waste"), keep, { kind: "quiet", name: "wasted" }), { symbol: "warning", name: "wasted" });
}

const itemField = (items) => html`
  <label class="field"><span>${_("Item")}</span><select class="input" name="item" required>${
    items.map((item) => html`<option value=${item}>${item}</option>`)}</select></label>
`;

/** Every item that this day may count: planned, carried, or asked for by a visit. */
function itemsOf(phone, day) {
  const visits = Object.values(phone.snapshot.visits).filter((visit) => visit.day === day);
  return [
    ...new Set([
      ...(phone.day(day)?.pickup ?? []).map((each) => each.item),
      ...visits.flatMap((visit) => [...visit.drug_units.map((each) => each.item), ...visit.kit]),
      ...phone.custody(day).lines.map((line) => line.item),
    ]),
  ].sort();
}

function drugsOf(phone, day) {
  const visits = Object.values(phone.snapshot.visits).filter((visit) => visit.day === day);
  return [...(phone.day(day)?.drugs ?? []), ...visits.flatMap((visit) => visit.drug_units.map((each) => each.item))];
}
