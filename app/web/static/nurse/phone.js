// The state of this phone: her snapshot, what she recorded, and whether the service has it. Views draw it.

import { Clock } from "./clock.js";
import { custodyOf } from "./custody.js";
import { Drafts } from "./drafts.js";
import { recordOf } from "./fold.js";
import { isBesidePatient, mustKeep } from "./keeping.js";
import { whereAmI } from "./place.js";
import { endNotices, notices } from "./push.js";
import { Refused, SignedOut, endSession, fetchSnapshot, sendEvents } from "./service.js";
import { dayOf, useZone } from "./times.js";
import { openVault } from "./vault.js";

const MOST = 200;

export class Phone extends EventTarget {
  snapshot = null;
  events = [];
  clock = new Clock();
  drafts = new Drafts();
  /** "asking", "reached", "unreachable", "signed out" or "logged out". */
  line = "asking";
  setAside = [];
  /** Events that this phone could not store: they live in this page alone until they are sent. */
  unstored = new Set();
  stuck = new Map();
  isLocating = false;
  /** {isOn, set(on)} where notices can be sent to this phone. */
  notices = null;

  #vault;
  #nurse = null;
  #device;
  #mayKeep = false;
  #isKept = false;
  #isLeaving = false;
  #writing = Promise.resolve();
  #queued = null;
  #channel = new BroadcastChannel("rounds");

  async start() {
    this.#vault = await openVault();
    this.#device = await this.#vault.device();
    this.clock = new Clock(await this.#vault.fact("offset"));
    this.#channel.onmessage = ({ data }) => (data === "out" ? location.reload() : this.#reload());
    if (await this.#vault.fact("ended")) return this.#end();
    this.#nurse = (await this.#vault.fact("who")) ?? null;
    if (this.#nurse !== null) {
      await this.#takeUpDrafts();
      this.#take((await this.#vault.snapshot(this.#nurse)) ?? null);
      this.#isKept = this.#mayKeep = this.snapshot !== null;
      await this.#reload();
    }
    return this.sync();
  }

  get unsent() {
    return this.events.filter((event) => event.sent === null);
  }

  /** What is to be sent: all that is unsent but what the service cannot read. */
  get waiting() {
    return this.unsent.filter((event) => !this.stuck.has(event.id));
  }

  now() {
    return this.clock.now();
  }

  get today() {
    return dayOf(this.now());
  }

  visit(id) {
    return this.snapshot?.visits[id] ?? null;
  }

  day(day) {
    return this.snapshot?.days.find((each) => each.day === day) ?? null;
  }

  /** Of an event that both know the service's copy counts: its offset may be better. */
  record(visit) {
    const own = this.events.filter((event) => event.visit === visit.id);
    return recordOf(visit, [...own, ...visit.events], visit.others ?? [], this.now());
  }

  /** Everything recorded of a day's kits and drugs, at visits or not. */
  custody(day) {
    const known = this.day(day);
    const atVisits = Object.values(this.snapshot?.visits ?? {}).filter((visit) => visit.day === day);
    const own = this.events.filter((event) => event.day === day);
    const all = [...own, ...atVisits.flatMap((visit) => visit.events), ...(known?.events ?? [])];
    return custodyOf(all, known?.drugs ?? []);
  }

  /** Store what she did, at once; it is sent when it can be. `tapped`: when by the phone's clock. */
  add(kind, { visit = null, day, payload = {}, tapped = Date.now() }) {
    const made = { at: new Date(tapped).toISOString(), offset_ms: this.clock.offset };
    this.#writing = this.#writing.then(async () => {
      const event = { id: crypto.randomUUID(), device: this.#device, kind, visit, day, ...made, payload };
      await this.#store(event);
      this.events = [...this.events, { ...event, sent: null }];
      this.#changed();
      this.sync();
    });
    return this.#writing;
  }

  /** As `add`, with the place where the phone is: it counts from the tap, however long the place takes. */
  async addWithPlace(kind, { payload = {}, ...rest }) {
    if (this.isLocating) return;
    const tapped = Date.now();
    this.isLocating = true;
    this.#changed();
    const place = await whereAmI();
    this.isLocating = false;
    await this.add(kind, { ...rest, payload: { ...payload, place }, tapped });
  }

  /** Send what waits, then ask for news; true when nothing is left to send. Tabs take turns. */
  sync() {
    // The session may still live: it is not taken up again.
    if (this.#isLeaving) return this.line === "logged out" ? this.#end() : Promise.resolve(false);
    this.#queued ??= this.#takeTurn();
    return this.#queued;
  }

  async #takeTurn() {
    try {
      await navigator.locks.request("rounds line", () => {
        this.#queued = null;
        return this.#isLeaving ? null : this.#sendAndAsk();
      });
      if (this.#isLeaving) return false;
      this.line = "reached";
    } catch (error) {
      await this.#failed(error);
    }
    this.#changed();
    return this.line === "reached" && !this.waiting.length;
  }

  /** Remove hers from the phone and end the session. Without signal the session ends at the next contact. */
  async logOut() {
    this.#isLeaving = true;
    await this.#writing;
    await navigator.locks.request("rounds line", () => null); // what is on the line comes first
    await this.#vault.setFact("ended", true);
    await this.#vault.setFact("who", null);
    await this.#wipe();
    await endNotices();
    this.#forget();
    this.#channel.postMessage("out");
    return this.#end();
  }

  /** Find out, once there is a session, whether notices can be had here. */
  async askForNotices() {
    this.notices = await notices().catch(() => null);
    this.#changed();
  }

  async setNotices(on) {
    await this.notices.set(on).catch(() => null); // refused: the switch stays as it is
    await this.askForNotices();
  }

  /** Every second: a phone's clock that was set is noticed. */
  tick() {
    if (this.clock.tick()) {
      this.#vault.setFact("offset", this.clock.offset);
      this.sync();
    }
  }

  async #sendAndAsk() {
    await this.#reload();
    await this.#sendAll();
    await this.#ask();
    if (await this.#sendAll()) await this.#ask(); // of the nurse who has just logged in
  }

  // Whether there was anything to send.
  async #sendAll() {
    let sent = false;
    while (this.#nurse !== null && this.waiting.length) {
      await this.#send(this.waiting.slice(0, MOST));
      sent = true;
    }
    return sent;
  }

  async #send(events) {
    const bare = events.map(({ sent: _sent, ...event }) => event);
    let said;
    try {
      said = await sendEvents(this.#nurse, this.#device, bare, this.clock);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 400 || !error.said.event) throw error;
      this.stuck.set(error.said.event, error.said.error);
      return;
    }
    const ids = new Set(said.results.map((result) => result.id));
    await this.#vault.markSent([...ids], Date.now());
    this.setAside.push(...said.results.filter((result) => result.status === "set_aside"));
    this.events = this.events.map((event) => (ids.has(event.id) ? { ...event, sent: Date.now() } : event));
    ids.forEach((id) => this.unstored.delete(id));
    this.#changed();
    this.#channel.postMessage("events");
  }

  async #ask() {
    const told = this.events.filter((event) => event.sent !== null).map((event) => event.id);
    const fresh = await fetchSnapshot(this.snapshot?.tag, this.clock);
    await this.#vault.setFact("offset", this.clock.offset);
    if (fresh && fresh.nurse.id !== this.#nurse) await this.#becomes(fresh.nurse.id);
    if (fresh) this.#take(fresh);
    this.events = this.events.filter((event) => !told.includes(event.id));
    if (fresh) this.#isKept = false;
    await this.keepOrWipe();
    await this.#vault.drop(told); // last: what is gone from here must be in the snapshot by then
  }

  /** Keep the snapshot while it is needed; afterwards nothing of it stays on the phone. */
  async keepOrWipe() {
    if (!this.snapshot || this.#nurse === null) return;
    const records = Object.values(this.snapshot.visits).map((visit) => this.record(visit));
    const needed = mustKeep(this.snapshot, records, (day) => this.isClosed(day), this.now());
    this.#mayKeep = needed;
    if (!needed) await this.#wipe();
    else if (!this.#isKept) await this.#vault.keepSnapshot(this.#nurse, this.snapshot);
    this.#isKept = needed;
  }

  async #wipe() {
    if (this.#nurse === null) return;
    this.#mayKeep = false;
    await this.drafts.written; // a draft being kept would be there again afterwards
    await this.#vault.wipe(this.#nurse);
  }

  isClosed(day) {
    return Boolean(this.day(day)?.closed) || this.custody(day).closed;
  }

  async #store(event) {
    try {
      event.seq = await this.#vault.nextSeq();
      await this.#vault.addEvent(this.#nurse, event);
      this.#channel.postMessage("events");
    } catch {
      event.seq ??= Math.max(0, ...this.events.map((one) => one.seq)) + 1;
      this.unstored.add(event.id);
    }
  }

  async #reload() {
    if (this.#nurse === null) return;
    const stored = await this.#vault.events(this.#nurse);
    const known = new Set(stored.map((event) => event.id));
    const rest = this.events.filter((event) => this.unstored.has(event.id) && !known.has(event.id));
    this.events = [...stored, ...rest];
    this.#changed();
  }

  // Another nurse has logged in on this phone: what the first one has not sent stays sealed for her.
  async #becomes(nurse) {
    await this.#wipe();
    this.#forget();
    this.#nurse = nurse;
    await this.#vault.setFact("who", nurse);
    await this.#takeUpDrafts();
    await this.#reload();
  }

  async #takeUpDrafts() {
    const nurse = this.#nurse;
    const store = (typed) => (this.#mayKeep && this.#nurse === nurse ? this.#vault.keepDrafts(nurse, typed) : null);
    this.drafts.begin(await this.#vault.drafts(nurse), store);
  }

  async #failed(error) {
    if (this.#isLeaving) return;
    if (!(error instanceof SignedOut)) {
      this.line = "unreachable";
      if (!this.unsent.length) await this.keepOrWipe(); // a shift ends without signal, too
      return;
    }
    this.line = "signed out";
    const records = Object.values(this.snapshot?.visits ?? {}).map((visit) => this.record(visit));
    if (error.status === 401 && isBesidePatient(records)) return;
    await this.#wipe();
    location.replace(error.status === 401 ? "/login?next=/my/" : "/");
  }

  async #end() {
    this.#isLeaving = true;
    this.line = "logged out";
    this.#changed();
    try {
      await endSession(this.clock);
    } catch (error) {
      if (!(error instanceof SignedOut)) return false;
    }
    await this.#vault.setFact("ended", false);
    location.replace("/login");
    return false;
  }

  #take(snapshot) {
    this.snapshot = snapshot;
    if (snapshot) useZone(snapshot.zone);
  }

  #forget() {
    [this.snapshot, this.events, this.#nurse] = [null, [], null];
    this.unstored.clear();
    this.stuck.clear();
    this.setAside = [];
    this.drafts.begin([], null);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
