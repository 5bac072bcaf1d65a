// The day: what has changed, the next stop, the rest of the day, other days.

import { expectedOf, routeOf, toldArrival } from "../expected.js";
import { isOff } from "../fold.js";
import { to } from "../links.js";
import { MINUTE, clock, dayName, duration, ms, shortDay, span } from "../times.js";
import { _, ngettext } from "../text.js";
import { changesCard } from "./changes.js";
import { badge, big, empty, html, icon, note, nothing, fold } from "./parts.js";
import { partner, reach, strip, take } from "./stop.js";
import { STATES, units } from "./words.js";

export function dayView(phone, day) {
  const found = phone.day(day);
  const steps = found?.steps ?? [];
  const visits = phone.snapshot.visits;
  const expected = arrivals(phone, day);
  const stops = steps.filter((step) => step.kind === "visit" && visits[step.visit]).map((step) => visits[step.visit]);
  const next = stops.find((visit) => isNext(visit, phone.record(visit)));
  const view = { phone, day, found, steps, expected, stops, next };
  return html`
    ${changesCard(phone, found)}
    <div class="page-head"><div>
      <h1 id="title" tabindex="-1">${titleOf(phone, day)}</h1>
      ${isNear(phone, day) ? html`<p class="subtitle">${dayName(day)}</p>` : nothing}
    </div></div>
    ${stops.length ? busyDay(view) : freeDay(view)}
    ${otherDays(phone, day)}
  `;
}

const isNext = (visit, record) => !isOff(visit, record) && record.state !== "departed";

/** What is expected at her visits of today, by visit; on any other day it is what was planned. */
export function arrivals(phone, day) {
  const found = phone.day(day);
  if (!found || day !== phone.today) return new Map();
  const visits = phone.snapshot.visits;
  const route = routeOf(found, visits);
  const records = new Map(route.stops.map(({ visit }) => [visit, phone.record(visits[visit])]));
  return expectedOf(route, records, phone.now());
}

/** Today; where she has nothing today, the next day that has a visit for her. */
export function firstDay(phone) {
  const coming = phone.snapshot.days.filter((each) => each.day >= phone.today);
  const busy = coming.find((each) => each.steps.some((step) => step.kind === "visit"));
  const open = coming.find((each) => each.day === phone.today && each.shift && each.custody?.length);
  return (open ?? busy)?.day ?? phone.today;
}

export function titleOf(phone, day) {
  if (day === phone.today) return _("Today");
  return isNear(phone, day) ? _("Tomorrow") : dayName(day);
}

const isNear = (phone, day) => day === phone.today || Date.parse(day) - Date.parse(phone.today) === 1440 * MINUTE;

function busyDay(view) {
  const { phone, day, found, next } = view;
  return html`
    ${day === phone.today && !next ? note(_("All visits of this day are done."), "success") : nothing}
    ${pickupCard(phone, found)}
    ${next ? nextStop(view) : nothing}
    <section class="part" aria-labelledby="route-title">
      <h2 id="route-title">${_("The whole day")}</h2>
      <dl class="shift">
        <div><dt>${_("Leave home")}</dt><dd><time>${clock(ms(found.departure))}</time></dd></div>
        <div><dt>${_("Back home")}</dt><dd><time>${clock(ms(found.finish))}</time></dd></div>
        <div><dt>${_("Shift")}</dt><dd><time>${span(ms(found.shift.start), ms(found.shift.end))}</time></dd></div>
      </dl>
      <ol class="route">${view.steps.map((step) => line(view, step))}</ol>
    </section>
    ${suppliesLink(phone, found)}
  `;
}

function freeDay({ phone, day, found }) {
  const isPast = day < phone.today;
  const ahead = firstDay(phone);
  const hint =
    day === phone.today && ahead !== day
      ? note(html`<a class="inline-link" href=${to.day(ahead)}>${_("Your next day with visits is {day}.", { day: dayName(ahead) })}</a>`)
      : nothing;
  const words = () => {
    if (found?.shift) {
      const hours = span(ms(found.shift.start), ms(found.shift.end));
      return [_("No visits for you"), _("Your shift is {hours}, with nothing planned. Your dispatcher may still call.", { hours }), "clock"];
    }
    if (found?.published) return [_("Your day off"), _("The plan of this day is out, and you are not in it."), "sun"];
    if (isPast) return [_("Nothing here"), _("You had no published visits on this day."), "visits"];
    return [_("Not published yet"), _("Your visits show up here as soon as your dispatcher publishes the plan of this day."), "visits"];
  };
  return html`${empty(...words())}${hint}${suppliesLink(phone, found)}`;
}

function nextStop({ phone, day, expected, next }) {
  const record = phone.record(next);
  const isHere = record.arrived_at !== null;
  const label = day !== phone.today ? _("First stop") : isHere ? _("You are here") : _("Next stop");
  return html`
    <section class="card next" aria-labelledby="next-title">
      <p class="next-label">${label}${STATES[record.state]() ? badge(STATES[record.state](), "accent") : nothing}</p>
      ${isHere ? nothing : arrivalOf(next, expected.get(next.id))}
      <h2 id="next-title">${next.patient.name}</h2>
      ${partner(next)}
      ${isHere ? nothing : html`${reach(next)}${take(next)}`}
      <a class="button ${isHere || day === phone.today ? "button-primary" : ""} big" href=${to.visit(next.id)}>
        ${isHere ? _("Go on with the visit") : _("Open the visit")}${icon("next")}</a>
    </section>
  `;
}

/** The planned arrival, or the one that is expected now. */
export function arrivalOf(visit, expected) {
  const planned = ms(visit.arrival);
  if (!expected || expected.late < MINUTE) {
    return html`<p class="stop-arrival"><span>${_("Arrive")}</span> <time>${clock(planned)}</time></p>`;
  }
  const told = toldArrival(expected);
  const words = _("planned {time}, {late} later", { time: clock(planned), late: duration(told - planned) });
  return html`<p class="stop-arrival"><span>${_("Expected")}</span> <time>${clock(told)}</time> <span class="late">${words}</span></p>`;
}

function line(view, step) {
  const visit = step.kind === "visit" ? view.phone.snapshot.visits[step.visit] : null;
  if (step.kind === "visit") return visit ? stopLine(view, visit) : nothing;
  if (step.kind === "drive") {
    return html`<li class="route-drive">${icon("car")}<span>${_("Drive {time}", { time: duration(step.seconds * 1000) })}</span></li>`;
  }
  if (step.kind === "break") {
    return html`<li class="route-mark">${icon("pause")}<span>${_("Break, {time}", { time: duration(step.seconds * 1000) })}</span><time>${clock(ms(step.at))}</time></li>`;
  }
  const words = step.kind === "leave" ? _("Leave home") : _("Back home");
  return html`<li class="route-mark">${icon("home")}<span>${words}</span><time>${clock(ms(step.at))}</time></li>`;
}

function stopLine(view, visit) {
  const record = view.phone.record(visit);
  const isCancelled = isOff(visit, record);
  const state = STATES[record.state]();
  return html`
    <li class="route-stop ${isCancelled ? "route-cancelled" : ""} ${record.state === "departed" ? "route-done" : ""}">
      <span class="route-number" aria-hidden="true">${record.state === "departed" ? icon("ok") : visit.number}</span>
      <article class="stop ${isCancelled ? "stop-cancelled" : ""}">
        <header class="stop-head">
          ${record.arrived_at === null ? arrivalOf(visit, view.expected.get(visit.id)) : html`<p class="stop-arrival"><span>${_("Arrived")}</span> <time>${clock(record.arrived_at)}</time></p>`}
          <h3>${isCancelled ? visit.patient.name : html`<a href=${to.visit(visit.id)}>${visit.patient.name}${icon("next")}</a>`}</h3>
          ${isCancelled ? badge(_("Cancelled"), "danger") : state ? badge(state, record.state === "departed" ? "ok" : "accent") : nothing}
        </header>
        ${isCancelled
          ? html`<p>${_("Do not go: this visit was cancelled after the plan was published. Your other times stay as they are.")}</p>`
          : html`
            <p class="stop-span"><span>${icon("clock")}${_("Visit")} <time>${span(ms(visit.start), ms(visit.end))}</time></span></p>
            ${partner(visit)}
            ${strip(visit)}`}
      </article>
    </li>
  `;
}

function pickupCard(phone, found) {
  const lines = new Map(phone.custody(found.day).lines.map((line) => [line.item, line]));
  const open = (found.pickup ?? [])
    .map(({ item, units: planned }) => ({ item, units: planned - (lines.get(item)?.picked_up ?? 0) }))
    .filter((each) => each.units > 0);
  if (!open.length || phone.isClosed(found.day)) return nothing;
  const pickUp = async () => {
    for (const payload of open) await phone.add("picked_up", { day: found.day, payload });
  };
  return html`
    <section class="card part" aria-labelledby="pickup-title">
      <h2 id="pickup-title">${icon("download")}${_("Pick up before you go")}</h2>
      <ul class="plain">${open.map((each) => html`<li>${units(each.item, each.units)}</li>`)}</ul>
      ${found.day === phone.today ? big(_("All picked up and counted"), pickUp, { kind: "quiet", symbol: "ok" }) : nothing}
      <a class="inline-link" href=${to.supplies(found.day)}>${_("Not all of it? Count them one by one")}</a>
    </section>
  `;
}

function suppliesLink(phone, found) {
  if (!found?.shift) return nothing;
  const words = phone.isClosed(found.day) ? _("Shift closed") : _("Kits and drugs, close the shift");
  return html`<p class="part"><a class="button big" href=${to.supplies(found.day)}>${icon("protocols")}${words}${icon("next")}</a></p>`;
}

function otherDays(phone, shown) {
  const days = new Map([[phone.today, 0]]);
  for (const { day, steps } of phone.snapshot.days) days.set(day, steps.filter((step) => step.kind === "visit").length);
  const others = [...days].filter(([day]) => day !== shown && day >= phone.today).sort();
  const past = [...days].filter(([day]) => day !== shown && day < phone.today).sort().reverse();
  const link = ([day, count]) => html`<li><a class="day-link" href=${to.day(day)}>
    <span>${isNear(phone, day) ? titleOf(phone, day) : shortDay(day)}</span>
    <span class="muted">${count ? ngettext("{count} visit", "{count} visits", count) : _("no visits")}</span>${icon("next")}</a></li>`;
  const coming = html`<nav class="part" aria-labelledby="days-title"><h2 id="days-title">${_("Other days")}</h2>
    <ul class="days">${others.map(link)}</ul></nav>`;
  const gone = fold(_("Past days"), html`<ul class="days">${past.map(link)}</ul>`, { name: "past" });
  return [others.length ? coming : nothing, past.length ? gone : nothing];
}
