// The service worker: installs it, and takes a new release when the page opens or when she says so.

const ADDRESS = "/my/worker.js";

/** `ready(take)` is called when a new release waits; `take` reloads the page into it. Nothing recorded is lost:
 * it is in the phone's store, not in the page. */
export async function beginUpdates(ready) {
  if (!navigator.serviceWorker) return null;
  const registration = await navigator.serviceWorker.register(ADDRESS, { scope: "/my/" }).catch(() => null);
  if (!registration) return null;
  const take = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take over");
  };
  const watch = (worker) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) ready(take);
    });
  registration.addEventListener("updatefound", () => watch(registration.installing));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) registration.update().catch(() => null);
  });
  if (registration.waiting) take();
  return null;
}
