// What the phone keeps: sealed with a key that never leaves the browser, one per nurse. Only ids, numbers and
// whether something was sent are in the open.

import { openDB } from "../vendor/idb/index.js";

const ALGORITHM = { name: "AES-GCM", length: 256 };
const draftsOf = (nurse) => [nurse, "drafts"];

export async function openVault() {
  const db = await openDB("rounds", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("keys");
      fresh.createObjectStore("snapshots");
      fresh.createObjectStore("facts");
      fresh.createObjectStore("events", { keyPath: "id" }).createIndex("nurse", "nurse");
    },
    blocking: (_now, _next, event) => event.target.close(),
  });
  return new Vault(db);
}

class Vault {
  constructor(db) {
    this.db = db;
  }

  /** A small fact in the open: never a patient's. */
  fact(name) {
    return this.db.get("facts", name);
  }

  setFact(name, value) {
    return this.db.put("facts", value, name);
  }

  /** The next number of this phone's events; two tabs never get the same. */
  async nextSeq() {
    const work = this.db.transaction("facts", "readwrite");
    const seq = ((await work.store.get("seq")) ?? 0) + 1;
    await work.store.put(seq, "seq");
    await work.done;
    return seq;
  }

  /** This browser's own id, made once. */
  async device() {
    const made = crypto.randomUUID();
    const work = this.db.transaction("facts", "readwrite");
    const device = (await work.store.get("device")) ?? made;
    await work.store.put(device, "device");
    await work.done;
    return device;
  }

  async keepSnapshot(nurse, snapshot) {
    await this.db.put("snapshots", await this.#seal(nurse, snapshot), nurse);
  }

  async snapshot(nurse) {
    return this.#open(nurse, await this.db.get("snapshots", nurse));
  }

  /** What she has typed and not sent. */
  async keepDrafts(nurse, typed) {
    await this.db.put("snapshots", await this.#seal(nurse, typed), draftsOf(nurse));
  }

  async drafts(nurse) {
    return (await this.#open(nurse, await this.db.get("snapshots", draftsOf(nurse)))) ?? [];
  }

  async addEvent(nurse, event) {
    const sealed = await this.#seal(nurse, event);
    await this.db.add("events", { id: event.id, nurse, sent: null, ...sealed });
  }

  /** Her events on this phone in the order they were made, each with `sent`: when the service had it, or null. */
  async events(nurse) {
    const rows = await this.db.getAllFromIndex("events", "nurse", nurse);
    const events = [];
    for (const row of rows) {
      const event = await this.#open(nurse, row);
      if (event) events.push({ ...event, sent: row.sent });
    }
    return events.sort((one, other) => one.seq - other.seq);
  }

  async markSent(ids, at) {
    const work = this.db.transaction("events", "readwrite");
    for (const id of ids) {
      const row = await work.store.get(id);
      if (row) await work.store.put({ ...row, sent: at });
    }
    await work.done;
  }

  /** Forget events that the service has and a snapshot has told of. */
  async drop(ids) {
    const work = this.db.transaction("events", "readwrite");
    for (const id of ids) await work.store.delete(id);
    await work.done;
  }

  /** Remove everything of hers but what was not sent yet; the key stays as long as that needs it. */
  async wipe(nurse) {
    const work = this.db.transaction(["events", "snapshots", "keys"], "readwrite");
    const events = work.objectStore("events");
    let unsent = 0;
    for (const row of await events.index("nurse").getAll(nurse)) {
      if (row.sent === null) unsent += 1;
      else await events.delete(row.id);
    }
    await work.objectStore("snapshots").delete(nurse);
    await work.objectStore("snapshots").delete(draftsOf(nurse));
    if (!unsent) await work.objectStore("keys").delete(nurse);
    await work.done;
    return unsent;
  }

  async #key(nurse) {
    const known = await this.db.get("keys", nurse);
    if (known) return known;
    const made = await crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
    const work = this.db.transaction("keys", "readwrite");
    const key = (await work.store.get(nurse)) ?? made;
    await work.store.put(key, nurse);
    await work.done;
    return key;
  }

  async #seal(nurse, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#key(nurse), text) };
  }

  // Undefined for what is not there, or was sealed with a key that is gone.
  async #open(nurse, sealed) {
    const key = sealed && (await this.db.get("keys", nurse));
    if (!key) return undefined;
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
    return JSON.parse(new TextDecoder().decode(text));
  }
}
