// Keeps the shell and its files, never an answer with anybody's data; anything else goes to the network.

const CACHE = {{ ("rounds " ~ release) | tojson }};
const SHELL = {{ url_for(".kept") | tojson }};
const HOME = {{ url_for(".index") | tojson }};
const ADDRESSES = {{ addresses | tojson }};

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") {
    if (pathname === HOME) event.respondWith(kept(SHELL, event.request));
  } else if (ADDRESSES.includes(pathname)) {
    event.respondWith(kept(pathname, event.request));
  }
});

self.addEventListener("push", (event) => event.waitUntil(tell(event.data?.json() ?? {})));
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));

// All or nothing: a release that is replaced meanwhile answers 404, and the browser tries again later.
async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(ADDRESSES);
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

// The notice names nobody; open pages ask for what is new.
async function tell({ title = "Rounds" }) {
  for (const client of await self.clients.matchAll()) client.postMessage("news");
  await self.registration.showNotification(title, { tag: "day", icon: {{ icon | tojson }} });
}

async function open(notification) {
  notification.close();
  const [page] = await self.clients.matchAll({ type: "window" });
  return page ? page.focus() : self.clients.openWindow(HOME);
}
