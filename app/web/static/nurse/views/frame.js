// What stands around every screen: the bar, whether everything is sent, and the running clock.

import { LANGUAGES, _, choose, chosen, ngettext } from "../text.js";
import { files } from "../files.js";
import { to } from "../links.js";
import { clock, stopwatch } from "../times.js";
import { badge, big, html, icon, note, nothing } from "./parts.js";
import { SET_ASIDE } from "./words.js";

export function frame(phone, shown, content, update) {
  return html`
    <a class="skip visually-hidden" href="#content" @click=${skip}>${_("Skip to the content")}</a>
    <header class="bar">
      <a class="brand" href=${to.home()}><img src=${files("mark.svg")} alt="" width="28" height="28">Rounds</a>
      ${line(phone)}
      ${phone.snapshot ? account(phone) : nothing}
    </header>
    ${running(phone, shown)}
    <main class="content narrow nurse" id="content" tabindex="-1">
      ${notices(phone, update)}
      ${content}
    </main>
  `;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

function line(phone) {
  const waiting = phone.unsent.length;
  if (waiting) return html`<p class="line" role="status">${badge(ngettext("{count} not sent yet", "{count} not sent yet", waiting), "warn")}</p>`;
  if (phone.line === "unreachable") return html`<p class="line" role="status">${badge(_("No signal"), "warn")}</p>`;
  if (phone.line === "reached") return html`<p class="line" role="status">${badge(_("All sent"), "ok")}</p>`;
  return html`<p class="line" role="status">${nothing}</p>`;
}

function account(phone) {
  return html`
    <details class="who">
      <summary aria-label=${`${_("Your account")}: ${initials(phone.snapshot.nurse.name)}`}><span class="who-initials" aria-hidden="true">${initials(phone.snapshot.nurse.name)}</span></summary>
      <div class="who-panel">
        <p class="who-name"><strong>${phone.snapshot.nurse.name}</strong></p>
        <div class="languages" role="group" aria-label=${_("Language")}>${Object.entries(LANGUAGES).map(
          ([code, name]) => html`<button type="button" lang=${code} aria-pressed=${code === chosen()} @click=${() => choose(code).then(() => phone.dispatchEvent(new Event("change")))}>${name}</button>`,
        )}</div>
        ${noticesSwitch(phone)}
        <a href="/account">${icon("account")}${_("Account")}</a>
        <button type="button" @click=${() => logOut(phone)}>${icon("log-out")}${_("Log out")}</button>
      </div>
    </details>
  `;
}

function noticesSwitch(phone) {
  if (!phone.notices) return nothing;
  const { isOn } = phone.notices;
  return html`<button type="button" aria-pressed=${isOn} @click=${() => phone.setNotices(!isOn)}>${icon(isOn ? "ok" : "info")}${
    isOn ? _("You are told when your day changes") : _("Tell me when my day changes")}</button>`;
}

const initials = (name) => {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0] ?? "").join("").toUpperCase();
};

async function logOut(phone) {
  document.querySelector("details.who").open = false;
  await Promise.race([phone.sync(), new Promise((done) => setTimeout(done, 3000))]);
  if (!phone.unsent.length) return phone.logOut();
  const dialog = document.getElementById("leaving");
  return dialog.showModal();
}

/** Asked at log-out while something is not sent. */
export function leavingDialog(phone) {
  const count = phone.unsent.length;
  const close = () => document.getElementById("leaving").close();
  return html`
    <dialog id="leaving" aria-labelledby="leaving-title">
      <h2 id="leaving-title">${ngettext("{count} entry is not sent yet", "{count} entries are not sent yet", count)}</h2>
      <p>${_("They stay on this phone, locked, and are sent when you log in again on it. Nobody sees them until then.")}</p>
      ${big(_("Stay logged in"), close)}
      ${big(_("Log out all the same"), () => phone.logOut(), { kind: "danger" })}
    </dialog>
  `;
}

// Wherever she looks, the earliest departure from the patient she is at stays in sight.
function running(phone, shown) {
  if (!phone.snapshot) return nothing;
  for (const visit of Object.values(phone.snapshot.visits)) {
    const record = phone.record(visit);
    if (!["monitoring", "over"].includes(record.state) || record.earliest_departure === null) continue;
    const left = record.earliest_departure - phone.now();
    const isHere = shown.screen === "visit" && Number(shown.of) === visit.id;
    return html`<a class="running ${left <= 0 ? "running-over" : ""} ${isHere ? "running-here" : ""}" href=${to.visit(visit.id)}>${icon("clock")}
      <span>${_("Earliest departure {time}", { time: clock(record.earliest_departure) })}</span>
      <strong>${left > 0 ? stopwatch(left) : _("may leave")}</strong></a>`;
  }
  return nothing;
}

function notices(phone, update) {
  const parts = [];
  if (phone.line === "signed out") {
    parts.push(note(html`${_("Your log-in has ended. What you record is kept here and sent when you log in again.")}
      <a class="inline-link" href="/login?next=/my/">${_("Log in")}</a>`, "error"));
  }
  if (phone.unstored.size) parts.push(note(_("This phone cannot store what you record. Keep this page open until everything is sent."), "error"));
  for (const fault of phone.stuck.values()) parts.push(note(_("One entry was not accepted and stays on this phone: {fault}", { fault }), "error"));
  for (const each of phone.setAside) {
    parts.push(note(_("One entry was set aside: {reason} Your dispatcher sees it.", { reason: SET_ASIDE[each.code]?.() ?? each.reason }), "warning"));
  }
  if (update) parts.push(note(html`${_("A new version is ready.")} <button type="button" class="button" @click=${update}>${_("Use it now")}</button>`));
  return parts;
}
