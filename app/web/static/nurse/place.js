// Where the phone is, for a check-in: asked for briefly, never insisted on.

const ALLOWED_MS = 4_000;
const ASKED_MS = 10_000; // she has the browser's question before her

/** {latitude, longitude, accuracy_m}, or null where it is refused, unknown or slow, or she turns to something else. */
export async function whereAmI() {
  if (!navigator.geolocation) return null;
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (permission?.state === "denied") return null;
  const timeout = permission?.state === "prompt" ? ASKED_MS : ALLOWED_MS;
  return new Promise((answer) => {
    const nowhere = () => answer(null);
    setTimeout(nowhere, timeout);
    document.addEventListener("visibilitychange", nowhere, { once: true });
    const options = { timeout, maximumAge: 60_000, enableHighAccuracy: true };
    navigator.geolocation.getCurrentPosition(({ coords }) => answer(placeOf(coords)), nowhere, options);
  });
}

const placeOf = ({ latitude, longitude, accuracy }) => ({ latitude, longitude, accuracy_m: Math.round(accuracy) });
