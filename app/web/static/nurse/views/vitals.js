// Vitals: when the next are due, entering them, those entered, with the limits flagged.

import { MINUTE, clock, duration, exact } from "../times.js";
import { _ } from "../text.js";
import { urgent } from "../announce.js";
import { badge, form, html, note, nothing, number } from "./parts.js";

export function vitalsPart(view, { isFirst = false } = {}) {
  const { visit, record, give } = view;
  const keep = async (said) => {
    const number_ = (name) => (said[name] === "" ? undefined : Number(said[name]));
    const payload = { systolic: Number(said.systolic), diastolic: Number(said.diastolic) };
    if (payload.diastolic >= payload.systolic) {
      return _("Diastolic {diastolic} must be below systolic {systolic}: check the two numbers.", payload);
    }
    for (const name of ["heart_rate", "oxygen"]) if (number_(name) !== undefined) payload[name] = number_(name);
    await give("vitals", { ...payload, phase: record.current?.position ?? null });
    if (isOver(visit, payload)) urgent(_("Blood pressure above the limit"));
    return null;
  };
  return html`
    <section class="card part" aria-labelledby="vitals-title">
      <h2 id="vitals-title">${_("Vitals")}</h2>
      ${due(view)}
      ${limits(visit, record)}
      ${form(fields(), _("Keep these vitals"), keep, { kind: isFirst ? "primary" : "quiet", name: "vitals" })}
      ${list(record)}
    </section>
  `;
}

const fields = () => html`
  <div class="vitals-fields">
    ${number(_("Systolic"), "systolic", { min: 30, max: 300, required: true })}
    ${number(_("Diastolic"), "diastolic", { min: 10, max: 200, required: true })}
    ${number(_("Heart rate"), "heart_rate", { min: 10, max: 300 })}
    ${number(_("Oxygen"), "oxygen", { min: 30, max: 100, unit: "%" })}
  </div>
`;

export function isOver({ limits: most }, { systolic, diastolic }) {
  return (most?.max_systolic != null && systolic > most.max_systolic) || (most?.max_diastolic != null && diastolic > most.max_diastolic);
}

function due({ phone, record }) {
  if (record.vitals_due_at === null) return nothing;
  const left = record.vitals_due_at - phone.now();
  if (left > 0) return html`<p class="due">${_("Next at {time}, in {left}", { time: clock(record.vitals_due_at), left: duration(Math.ceil(left / MINUTE) * MINUTE) })}</p>`;
  return note(_("Vitals are due since {time}", { time: clock(record.vitals_due_at) }), "warning");
}

function limits({ limits: most }, record) {
  if (!most?.max_systolic && !most?.max_diastolic) return nothing;
  const values = { systolic: most.max_systolic ?? "–", diastolic: most.max_diastolic ?? "–" };
  return html`${record.vitals.at(-1)?.over_limit ? note(_("The last reading is above {systolic}/{diastolic}. Follow the protocol; measure again.", values), "error") : nothing}
    <p class="muted">${_("Limit: {systolic}/{diastolic} mmHg", values)}</p>`;
}

function list({ vitals }) {
  if (!vitals.length) return nothing;
  const beside = (one) => [one.heart_rate && _("{rate}/min", { rate: one.heart_rate }), one.oxygen && `${one.oxygen} %`].filter(Boolean).join(" · ");
  return html`<ul class="readings" aria-label=${_("Vitals entered")}>${vitals
    .slice()
    .reverse()
    .map((one) => html`<li class=${one.over_limit ? "reading-over" : ""}><time title=${exact(one.at)}>${clock(one.at)}</time>
      <strong>${one.systolic}/${one.diastolic}</strong><span class="muted">${beside(one)}</span>
      ${one.over_limit ? badge(_("Above the limit"), "danger") : nothing}</li>`)}</ul>`;
}
