// Starts the page: words, phone, service worker; draws the screen of the address again whenever something changes.

import { render } from "../vendor/lit-html/lit-html.js";
import { tellClock } from "./announce.js";
import { fillForms, followTyping } from "./drafts.js";
import { here } from "./links.js";
import { Phone } from "./phone.js";
import * as text from "./text.js";
import { _ } from "./text.js";
import { beginUpdates } from "./updates.js";
import { dayView, firstDay } from "./views/day.js";
import { frame, leavingDialog } from "./views/frame.js";
import { empty, html, icon } from "./views/parts.js";
import { suppliesView } from "./views/supplies.js";
import { visitView } from "./views/visit.js";

const SECOND = 1000;
const CALM = 30 * SECOND;
const FIRST_RETRY = 5 * SECOND;
const LONGEST_RETRY = 5 * 60 * SECOND;

const root = document.getElementById("app");
const phone = new Phone();
let takeUpdate = null;
let retry = null;
let failures = 0;

async function start() {
  await text.begin();
  takeUpdate = await beginUpdates((take) => {
    takeUpdate = take;
    draw();
  });
  root.replaceChildren();
  phone.addEventListener("change", draw);
  followTyping(phone.drafts, root);
  window.addEventListener("hashchange", move);
  window.addEventListener("online", contact);
  document.addEventListener("visibilitychange", turn);
  document.addEventListener("click", closeMenu);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenu(event));
  navigator.storage?.persist?.();
  setInterval(tick, SECOND);
  navigator.serviceWorker?.addEventListener("message", contact);
  await phone.start();
  plan(phone.line === "reached");
  if (phone.line === "reached") await phone.askForNotices();
}

function draw() {
  const shown = here();
  render(html`${frame(phone, shown, screen(shown), takeUpdate)}${leavingDialog(phone)}`, root);
  fillForms(phone.drafts, root);
  document.title = `${titles[shown.screen]?.() ?? _("My day")} · Rounds`;
}

const titles = { visit: () => _("Visit"), supplies: () => _("Kits and drugs") };

function screen({ screen: name, of }) {
  if (phone.line === "logged out") return empty(_("You are logged out"), _("Nothing of your patients is left on this phone. The log-in page opens as soon as there is signal."), "log-out");
  if (!phone.snapshot) return nothingHere();
  if (name === "visit") {
    const visit = phone.visit(of);
    return visit ? visitView(phone, visit) : notYours();
  }
  if (name === "supplies" && /^\d{4}-\d\d-\d\d$/.test(of)) return suppliesView(phone, of);
  return dayView(phone, name === "day" && phone.day(of) ? of : firstDay(phone));
}

function nothingHere() {
  if (phone.line === "asking") return html`<p class="muted">${_("Opening your day …")}</p>`;
  return empty(_("Nothing is kept on this phone"), _("Your day is kept here from twelve hours before a shift until you close it. Open this page with signal to see it now."), "info");
}

const notYours = () => html`
  ${empty(_("Not on your list"), _("This visit is not yours, or no longer. What you recorded at it is kept and sent."), "info")}
  <p class="part"><a class="button big" href="#/">${icon("back")}${_("Back to the day")}</a></p>
`;

function move() {
  draw();
  window.scrollTo(0, 0);
  document.getElementById("title")?.focus({ preventScroll: true });
}

function tick() {
  phone.tick();
  if (!phone.snapshot) return;
  for (const visit of Object.values(phone.snapshot.visits)) {
    const record = phone.record(visit);
    if (["monitoring", "over"].includes(record.state) && record.earliest_departure !== null) {
      tellClock(visit.id, record.earliest_departure - phone.now());
    }
  }
  draw();
}

/** Ask the service now, and again later: soon while it cannot be reached, calmly when it can. */
async function contact() {
  clearTimeout(retry);
  plan(await phone.sync());
}

function plan(reached) {
  failures = reached ? 0 : failures + 1;
  const wait = reached ? CALM : Math.min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY);
  clearTimeout(retry);
  retry = setTimeout(contact, wait * (0.8 + 0.4 * Math.random()));
}

function turn() {
  phone.clock?.doubt();
  if (!document.hidden) contact();
}

function closeMenu(event) {
  const menu = document.querySelector("details.who");
  if (!menu?.open || (event.type === "click" && menu.contains(event.target))) return;
  menu.open = false;
  if (event.type === "keydown") menu.querySelector("summary").focus();
}

start();
