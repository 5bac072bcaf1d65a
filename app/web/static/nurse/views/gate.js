// On arrival: is everything as it must be? Then go; else no-go, with the reason.

import { questions } from "../fold.js";
import { _ } from "../text.js";
import { big, clinics, fold, form, html, icon, note, nothing, select, text } from "./parts.js";
import { vitalsPart } from "./vitals.js";
import { NO_GO, QUESTIONS } from "./words.js";

export function gatePart(view) {
  const { visit, record, give } = view;
  const last = record.vitals.at(-1);
  const asksForVitals = Boolean(visit.limits?.max_systolic || visit.limits?.max_diastolic);
  const isOver = Boolean(last?.over_limit);
  const open = record.missing_answers.length + (asksForVitals && !last ? 1 : 0);
  return html`
    <section class="card part" aria-labelledby="gate-title">
      <h2 id="gate-title">${_("Before you start")}</h2>
      ${visit.order && !visit.order.valid ? note(clinics(visit.order.words), "error") : nothing}
      ${visit.adult_hours && !visit.adult?.confirmed ? note(_("The clinic has not confirmed the responsible adult. Ask here."), "warning") : nothing}
      <ul class="checks">${questions(visit).map((key) => question(view, key))}</ul>
    </section>
    ${vitalsPart(view, { isFirst: true })}
    <section class="card part" aria-labelledby="decide-title">
      <h2 id="decide-title">${_("Start the visit?")}</h2>
      ${isOver ? note(_("The last blood pressure is above the protocol's limit: this is a no-go, unless a new reading is within it."), "error") : nothing}
      ${open ? html`<p id="open">${_("Still open: {count}. Answer everything with yes, or choose no-go.", { count: open })}</p>` : nothing}
      ${big(_("Go"), () => give("go"), { symbol: "ok", disabled: open > 0 || isOver, describes: open ? "open" : undefined })}
      ${noGo(view, isOver)}
    </section>
  `;
}

function question({ record, give }, key) {
  const answer = record.answers[key];
  const say = (value) => () => give("checked", { answers: { [key]: value } });
  const choice = (value, words) => html`
    <button type="button" class="button choice" aria-pressed=${answer === value} @click=${say(value)}>${
      answer === value ? icon(value ? "ok" : "close") : nothing}${words}</button>`;
  return html`<li><div class="question" role="group" aria-labelledby="q-${key}"><span id="q-${key}">${QUESTIONS[key]()}</span>
    <span class="choices-row">${choice(true, _("Yes"))}${choice(false, _("No"))}</span></div></li>`;
}

function noGo({ record, give }, isOver) {
  const first = record.missing_answers.find((key) => record.answers[key] === false);
  const likely = isOver ? "vitals" : ({ order_valid: "order" }[first] ?? first ?? "");
  const options = [["", _("Choose the reason")], ...Object.entries(NO_GO).map(([code, words]) => [code, words()])];
  const fields = html`
    ${select(_("Reason"), "reason", options, { value: likely })}
    ${text(_("In your words"), "text", { rows: 2 })}`;
  const decide = async ({ reason, text: words }) => {
    if (reason === "other" && !words.trim()) return _("Say in your words what the reason is.");
    await give("no_go", { reason, text: words.trim() });
    return null;
  };
  return fold(_("No-go"), form(fields, _("Do not start this visit"), decide, { kind: "danger", name: "no-go" }), { symbol: "close", name: "no-go" });
}

