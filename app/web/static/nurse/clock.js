// The service's time as well as this phone can know it: its own clock plus the offset last learned.

const LONGEST_TRIP = 5_000;
const JUMP = 1_500;

export class Clock {
  /** `offset`: milliseconds, service minus phone, as kept from the last contact; null: never known. */
  constructor(offset = null) {
    this.offset = offset;
    this.#mark();
  }

  #seen;

  now() {
    return Date.now() + (this.offset ?? 0);
  }

  /** What an answer tells: its `server_now`, and when the phone asked and got it. A slow answer tells little. */
  learn(serverNow, asked, got) {
    if (this.offset !== null && got - asked > LONGEST_TRIP) return;
    this.offset = Math.round(serverNow - (asked + got) / 2);
  }

  /** Called every second: a phone's clock that was set while the page was in sight moves the offset with it.
   * True where it was. Asleep, both clocks may stand or run, so nothing is concluded. */
  tick() {
    const before = this.#seen;
    this.#mark();
    const ran = this.#seen.steady - before.steady;
    const jumped = this.#seen.wall - before.wall - ran;
    const awake = before.visible && this.#seen.visible && ran < 3 * JUMP;
    if (!awake || Math.abs(jumped) < JUMP) return false;
    this.offset = (this.offset ?? 0) - Math.round(jumped);
    return true;
  }

  /** The page was hidden or frozen: the next tick concludes nothing. */
  doubt() {
    this.#seen.visible = false;
  }

  #mark() {
    this.#seen = { wall: Date.now(), steady: performance.now(), visible: !document.hidden };
  }
}
