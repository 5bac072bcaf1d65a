// A notice when her day has changed, also while the page is closed: only where she switches it on.

import { fetchPushKey, sendPush } from "./service.js";

/** {isOn, set(on)} where the service and this browser can send notices, else null. */
export async function notices() {
  if (!("PushManager" in window) || !navigator.serviceWorker) return null;
  const key = await fetchPushKey();
  if (!key) return null;
  const registration = await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  return { isOn: known !== null, set: (on) => (on ? begin(registration, key) : end(registration)) };
}

async function begin(registration, key) {
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const subscription = await registration.pushManager.subscribe(options);
  await sendPush("/my/push", subscription.toJSON());
}

async function end(registration) {
  const subscription = await registration.pushManager.getSubscription();
  if (!subscription) return;
  await subscription.unsubscribe();
  await sendPush("/my/push/off", { endpoint: subscription.endpoint });
}

/** No notice comes to a phone on which nobody is logged in. Without signal the service learns of it when its next one
 * is refused. */
export async function endNotices() {
  const registration = await navigator.serviceWorker?.getRegistration("/my/");
  if (registration?.pushManager) await end(registration).catch(() => null);
}

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
