// The phase that runs, its clock, and one large button for the next one.

import { gives, takes } from "../fold.js";
import { clock, duration, stopwatch, MINUTE } from "../times.js";
import { _ } from "../text.js";
import { big, html, icon, nothing } from "./parts.js";
import { phaseName } from "./words.js";

export function phasePart({ phone, visit, record, give }) {
  const { current } = record;
  const last = current?.position ?? -1;
  const next = visit.phases.find((phase) => phase.position > last);
  return html`
    <section class="card part" aria-labelledby="phase-title">
      ${current ? running(phone, record, current) : html`<h2 id="phase-title">${_("Ready to begin")}</h2>`}
      ${next ? big(beginWords(visit, next), () => give("phase_began", { position: next.position }), { symbol: "next" }) : nothing}
      ${next && current ? html`<p class="hint">${endWords(visit, current)}</p>` : nothing}
      <ol class="progress-list">${visit.phases.map((phase) => step(record, phase))}</ol>
    </section>
  `;
}

function running(phone, record, phase) {
  const began = record.begun.get(phase.position);
  const ran = phone.now() - began;
  const left = phase.minutes * MINUTE - ran;
  const over = Math.floor(-left / MINUTE);
  return html`
    <p class="next-label">${_("Now")}</p>
    <h2 id="phase-title">${phaseName(phase)}</h2>
    <p class="watch"><time role="timer">${stopwatch(ran)}</time> <span>${_("of {minutes} min", { minutes: phase.minutes })}</span></p>
    <progress max=${phase.minutes * MINUTE} value=${Math.min(ran, phase.minutes * MINUTE)} aria-label=${phaseName(phase)}></progress>
    <p class="muted">${_("Since {time}", { time: clock(began) })}${
      over >= 1 ? html` · <strong class="late">${_("{time} longer than planned", { time: duration(over * MINUTE) })}</strong>` : nothing}</p>
  `;
}

function beginWords(visit, phase) {
  if (phase.kind === "monitoring" && gives(visit)) return _("Infusion has ended: begin the hand-over");
  if (phase.kind === "monitoring" && takes(visit)) return _("Take over the monitoring");
  if (phase.kind === "monitoring") return _("Infusion has ended: begin monitoring");
  return _("Begin: {phase}", { phase: phaseName(phase) });
}

const endWords = (visit, current) =>
  current.kind === "infusion" && !gives(visit)
    ? _("The monitoring clock runs from this tap.")
    : _("This ends: {phase}", { phase: phaseName(current) });

function step(record, phase) {
  const { began, ended } = record.phases.find((each) => each.position === phase.position);
  const state = ended !== null ? "ended" : began !== null ? "runs" : "waits";
  return html`<li class="step-${state}"><span class="swatch phase-${phase.kind}" aria-hidden="true"></span><span>${phaseName(phase)}</span>
    ${began === null ? html`<span class="muted">${_("{minutes} min", { minutes: phase.minutes })}</span>` : html`<time>${clock(began)}</time>`}
    ${ended !== null ? html`<span class="step-mark">${icon("ok")}<span class="visually-hidden">${_("ended")}</span></span>` : nothing}</li>`;
}
