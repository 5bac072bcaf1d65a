// Watches the runs of a day, or of several days: live progress each second while one is alive, else now and then for other people's work.

import { h } from "./dom.js";

const LIVE_MS = 1_000;
const QUIET_MS = 15_000;

export class RunWatch {
  #root;
  #url;
  #changed;
  #version;
  #timer = 0;
  #turn = 0;
  #offline;

  /**
   * `root`: where progress is shown. `offline`: what is shown while the service does not answer. `changed()`: called
   * when the stored plans or runs are others than the page's.
   */
  constructor(root, offline, url, changed) {
    this.#root = root;
    this.#offline = offline;
    this.#url = url;
    this.#changed = changed;
    this.#version = root.dataset.version;
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    this.look();
  }

  /** Looks now and goes on looking. An answer that comes after a newer look has begun counts for nothing. */
  async look() {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    let alive = false;
    try {
      const response = await fetch(this.#url, { headers: { Accept: "application/json" } });
      if (response.status === 401) {
        location.reload();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const state = await response.json();
      if (turn !== this.#turn) return;
      alive = Boolean(state.run);
      this.#show(state.run);
      this.#offline.hidden = true;
      if (state.version !== this.#version) {
        this.#version = state.version;
        await this.#changed();
      }
    } catch {
      if (turn === this.#turn) this.#offline.hidden = false;
    }
    if (turn === this.#turn && !document.hidden) this.#timer = setTimeout(() => this.look(), alive ? LIVE_MS : QUIET_MS);
  }

  #show(run) {
    this.#root.hidden = !run;
    if (!run) return;
    if (this.#root.dataset.run !== String(run.id)) this.#build(run);
    this.#root.classList.toggle("warned", Boolean(run.warning));
    this.#root.querySelector("[name=run]").value = run.id;
    const stop = this.#root.querySelector("[type=submit]");
    stop.disabled = run.stopping;
    stop.hidden = run.status !== "running";
    const bar = this.#root.querySelector("progress");
    if (run.status === "queued") bar.removeAttribute("value");
    else bar.value = run.share;
    for (const field of this.#root.querySelectorAll("[data-field]")) {
      const words = run[field.dataset.field] ?? "";
      if (field.textContent !== words) field.textContent = words;
    }
  }

  #build(run) {
    this.#root.dataset.run = String(run.id);
    const field = (name, props = {}) => h("span", { class: `run-${name}`, data: { field: name }, ...props });
    this.#root.querySelector(".run-body").replaceChildren(
      h("div", { class: "run-line" }, field("title", { role: "status" }), field("stage"), field("elapsed")),
      h("progress", { max: "1", "aria-label": "Progress of the run" }),
      h("div", { class: "run-line" }, field("cost"), field("proof"), field("warning", { role: "alert" })),
    );
  }
}
