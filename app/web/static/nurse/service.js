// Talking to the service. Whatever fails by the network raises a TypeError or a time-out, as fetch does.

const PATIENCE = 20_000;

/** Nobody is logged in, or somebody who is no nurse: `status` 401 or 403. */
export class SignedOut extends Error {
  constructor(status) {
    super(`the service answered ${status}`);
    this.status = status;
  }
}

/** The service answered, but not with what was asked for: its `status` and what it `said`. */
export class Refused extends Error {
  constructor(address, status, said) {
    super(`${address} answered ${status}`);
    this.status = status;
    this.said = said;
  }
}

let token = "";

/** Her snapshot, or null when it is still the one with this tag; with `clock`, which learns the time. */
export async function fetchSnapshot(tag, clock) {
  const asked = Date.now();
  const answer = await ask("/my/snapshot", { headers: tag ? { "If-None-Match": tag } : {} });
  token = answer.headers.get("X-CSRFToken") ?? token;
  if (answer.status === 304) return null;
  const snapshot = await answer.json();
  clock.learn(Date.parse(snapshot.server_now), asked, Date.now());
  return { ...snapshot, tag: answer.headers.get("ETag") };
}

/** The service's word on each event of this nurse. */
export async function sendEvents(nurse, device, events, clock) {
  if (!token) await fetchSnapshot(null, clock);
  const asked = Date.now();
  const body = JSON.stringify({ nurse, device, sent_at: new Date(asked).toISOString(), events });
  const answer = await ask("/my/events", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body,
  });
  const said = await answer.json();
  clock.learn(Date.parse(said.server_now), asked, Date.now());
  return said;
}

/** The public key of the service's notices; null where it sends none. */
export async function fetchPushKey() {
  return (await (await ask("/my/push", {})).json()).key;
}

export function sendPush(address, told) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return ask(address, { method: "POST", headers, body: JSON.stringify(told) });
}

/** End the session; the service answers by sending to its log-in page, which the caller opens. */
export async function endSession(clock) {
  if (!token) await fetchSnapshot(null, clock);
  const body = new URLSearchParams({ csrf_token: token });
  await fetch("/logout", { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
}

async function ask(address, options) {
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(address, {
    ...options,
    headers,
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(answer.status);
  if (!answer.ok && answer.status !== 304) {
    if (answer.status === 400) token = ""; // perhaps of a session that has ended
    throw new Refused(address, answer.status, await answer.json().catch(() => ({})));
  }
  return answer;
}
