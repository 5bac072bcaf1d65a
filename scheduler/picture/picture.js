// Choosing a route or a visit in map, timeline or list shows it in all three. Everything else is in the page already.

const picks = [...document.querySelectorAll("[data-route], [data-visit]")];
const chosenBox = document.querySelector(".chosen");
const map = document.querySelector(".map");
const timeline = document.querySelector(".timeline");
const lists = document.querySelector(".list-pane");
const choice = { route: null, visit: null };

// A visit may have stops on several routes.
const routesOf = new Map();
for (const { dataset } of picks) {
  if (!dataset.visit || !dataset.route) continue;
  if (!routesOf.has(dataset.visit)) routesOf.set(dataset.visit, new Set());
  routesOf.get(dataset.visit).add(dataset.route);
}

function choose(route, visit, by) {
  const again = choice.route === route && choice.visit === visit;
  Object.assign(choice, again ? { route: null, visit: null } : { route, visit });
  const routes = new Set(routesOf.get(choice.visit));
  if (choice.route) routes.add(choice.route);
  document.body.classList.toggle("has-choice", Boolean(choice.route || choice.visit));
  document.body.classList.toggle("has-visit", Boolean(choice.visit));
  for (const element of picks) mark(element, routes);
  tell(routes);
  for (const details of document.querySelectorAll("details.route")) {
    if (routes.has(details.dataset.route)) details.open = true;
  }
  if (choice.route || choice.visit) reveal(by);
}

function mark(element, routes) {
  const { route, visit } = element.dataset;
  const onVisit = visit !== undefined && visit === choice.visit;
  const on = onVisit || (route !== undefined && routes.has(route));
  element.classList.toggle("on", on);
  element.classList.toggle("on-visit", onVisit);
  if (element.hasAttribute("aria-pressed")) {
    element.setAttribute("aria-pressed", String(visit === undefined ? on : onVisit));
  }
}

function tell(routes) {
  const nothing = !choice.route && !choice.visit;
  chosenBox.classList.toggle("idle", nothing);
  chosenBox.querySelector(".show-all").hidden = nothing;
  const parts = [...routes].map((route) => `${row(route)?.getAttribute("aria-label") ?? `Route ${route}`}`);
  if (choice.visit) parts.unshift(routes.size ? `Visit ${choice.visit}` : `Visit ${choice.visit}: left out`);
  document.querySelector(".chosen-text").textContent = parts.join(" · ");
}

const row = (route) => timeline?.querySelector(`.row[data-route="${route}"]`);

/** Scrolls timeline and list, not the page, so that what is chosen is seen; not where it was chosen. */
function reveal(by) {
  for (const pane of [timeline, lists]) {
    if (!pane || pane.contains(by)) continue;
    const all = [...pane.querySelectorAll(".bar, .stops li, .left-out > li, .row, .route > summary")];
    const target =
      all.find((each) => each.classList.contains("on-visit") && shared(each, "visit")) ??
      all.find((each) => shared(each, "route"));
    if (target) scrollTo(pane, target);
  }
}

const shared = (element, key) => choice[key] !== null && element.dataset[key] === choice[key];

function scrollTo(pane, target) {
  const box = target.getBoundingClientRect();
  const view = pane.getBoundingClientRect();
  const name = pane === timeline ? timeline.querySelector(".corner").offsetWidth : 0;
  if (box.top < view.top + 40 || box.bottom > view.bottom - 10) pane.scrollTop += box.top - view.top - 80;
  if (!target.matches(".bar")) return;
  if (box.left < view.left + name || box.right > view.right) pane.scrollLeft += box.left - view.left - name - 24;
}

document.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-pick]");
  if (picked) {
    const { visit } = picked.dataset;
    const route = picked.dataset.route ?? picked.closest("[data-route]")?.dataset.route;
    choose(route ?? null, visit ?? null, picked);
  } else if (event.target.closest(".show-all")) {
    choose(null, null);
  }
});

for (const details of document.querySelectorAll("details.route")) {
  details.addEventListener("toggle", () => {
    if (details.open && !details.classList.contains("on")) choose(details.dataset.route, null, details);
  });
}

// Details of what is pointed at, focused or tapped

const tip = document.querySelector(".tip");

function showTip(event) {
  const anchor = event.target.closest?.("[data-tip]");
  tip.hidden = !anchor;
  if (!anchor) return;
  const lines = anchor.dataset.tip.split("\n").map((line) => {
    const span = document.createElement("span");
    span.textContent = line;
    return span;
  });
  tip.replaceChildren(...lines);
  const point = anchor.matches(".hit") && event.clientX !== undefined;
  const box = point ? new DOMRect(event.clientX, event.clientY, 0, 0) : anchor.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const top = box.top - height - 8;
  tip.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
  tip.style.top = `${top < 8 ? Math.min(box.bottom + 8, window.innerHeight - height - 8) : top}px`;
}

document.addEventListener("pointerover", showTip);
document.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && showTip(event));
document.addEventListener("focusout", () => (tip.hidden = true));
document.addEventListener("scroll", () => (tip.hidden = true), { capture: true, passive: true });

// Keyboard: the timeline is one tab stop with arrow keys

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    tip.hidden = true;
    if (choice.route || choice.visit) choose(null, null);
  }
  const here = event.target.closest?.(".timeline .bar, .timeline .name");
  const there = here && neighbour(here, event.key);
  if (!there) return;
  event.preventDefault();
  here.tabIndex = -1;
  there.tabIndex = 0;
  there.focus();
});

function neighbour(here, key) {
  const line = here.closest(".row");
  const inLine = [...line.querySelectorAll(".name, .bar")];
  const at = inLine.indexOf(here);
  if (key === "ArrowLeft") return inLine[at - 1];
  if (key === "ArrowRight") return inLine[at + 1];
  if (key === "Home") return inLine[0];
  if (key === "End") return inLine.at(-1);
  const next = { ArrowUp: line.previousElementSibling, ArrowDown: line.nextElementSibling }[key];
  const there = [...(next?.querySelectorAll?.(".name, .bar") ?? [])];
  return there[Math.min(at, there.length - 1)];
}

// Zoom

const sizes = { map: 1, timeline: 1 };
const NEAR = 2.4;

function zoom(which, by) {
  const pane = { map, timeline }[which];
  if (!pane) return;
  const before = sizes[which];
  sizes[which] = by ? Math.min(16, Math.max(1, before * by)) : 1;
  const middle = { x: pane.scrollLeft + pane.clientWidth / 2, y: pane.scrollTop + pane.clientHeight / 2 };
  pane.style.setProperty(which === "map" ? "--zoom" : "--stretch", sizes[which]);
  const grown = sizes[which] / before;
  pane.classList.toggle("zoomed", sizes[which] > 1);
  pane.classList.toggle("near", sizes[which] >= NEAR);
  pane.scrollLeft = middle.x * grown - pane.clientWidth / 2;
  if (which === "map") pane.scrollTop = middle.y * grown - pane.clientHeight / 2;
}

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => zoom(button.dataset.zoom, Number(button.dataset.by)));
}

map.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom("map", event.deltaY < 0 ? 1.15 : 1 / 1.15);
}, { passive: false });

map.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button || event.target.closest("[data-pick]")) return;
  map.setPointerCapture(event.pointerId);
  map.classList.add("dragged");
});
map.addEventListener("pointermove", (event) => {
  if (!map.classList.contains("dragged")) return;
  map.scrollLeft -= event.movementX;
  map.scrollTop -= event.movementY;
});
for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, () => map.classList.remove("dragged"));

// On paper nothing is folded away

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
