// The dispatcher's board: ties its parts together and keeps them fresh.

import { Finder, filterPage } from "./finder.js";
import { BarMenu } from "./bar_menu.js";
import { Hand } from "./hand.js";
import { handKeys } from "./hand_keys.js";
import { handTools } from "./hand_tools.js";
import { Lift } from "./lift.js";
import { MoveDialog } from "./move_dialog.js";
import { Note } from "./note.js";
import { LiveDay } from "./live.js";
import { Panel } from "./panel.js";
import { RouteMap } from "./map.js";
import { RunWatch } from "./run_watch.js";
import { Selection } from "./selection.js";
import { placeTies } from "./ties.js";
import { Timeline } from "./timeline.js";
import { Why } from "./why.js";

const board = document.getElementById("board");
const selection = new Selection();
const timeline = new Timeline(document.getElementById("timeline"), selection);
const map = new RouteMap(document.getElementById("map"), selection);
const panel = new Panel(
  document.getElementById("panel"),
  (visit) => board.dataset.visitUrl.replace(/\/0(?=\?|$)/, `/${visit}`),
  selection,
  (visit) => handTools(visit, { hand, moving, why }),
);
const hand = new Hand(board.dataset.dayUrl, new Note(document.getElementById("hand-note")), refresh);
const moving = new MoveDialog(hand);
const why = new Why(hand, selection);
const menu = new BarMenu(hand, moving, (visit) => why.show(visit));
new Lift(board, timeline, hand, document.getElementById("hand-said"), (here, x, y) => menu.open(here.visit, here.giver, x, y));
handKeys(board, timeline, { hand, menu, moving });

const finder = new Finder(document.getElementById("finder"), selection, [
  filterPage,
  (found) => placeTies(hand.day, found),
  (found) => map.filter(found),
]);

let live = null;
let latest = 0;

/** Loads the day and draws it: first what can be worked with, the rest once the browser has time. */
async function load() {
  const failed = document.getElementById("load-failed");
  const turn = ++latest;
  try {
    const response = await fetch(board.dataset.url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const day = await response.json();
    if (turn !== latest) return;
    document.getElementById("run").dataset.version = day.version;
    putParts(day);
    hand.show(day);
    timeline.show(day);
    finder.show(day);
    await showLive(day);
    failed.hidden = true;
    whenIdle(() => turn === latest && drawRest(day));
  } catch {
    failed.hidden = false;
  }
  board.dataset.ready = "";
}

/** Puts the parts that the service has made in the places of their ids. */
function putParts(day) {
  const fresh = parsed(day.parts);
  for (const field of fresh.querySelectorAll("[name=csrf_token]")) {
    field.value = document.querySelector("meta[name=csrf-token]").content;
  }
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const next = fresh.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  const empty = Object.keys(day.visits).length === 0;
  for (const part of board.querySelectorAll(".workspace, .finder")) part.hidden = empty;
  markLists();
}

/** What nobody needs to begin: the map, the list of routes, and whether the draft fits. */
function drawRest(day) {
  map.show(day);
  document.getElementById("route-table").replaceWith(parsed(day.table).getElementById("route-table"));
  finder.again();
  markLists();
  tellFit();
  board.dataset.settled = "";
}

/** Draws what is recorded of a day under way, so that nothing moves once the board is seen. */
async function showLive(day) {
  if (live || !day.live) return live?.show(day);
  live = new LiveDay(document.getElementById("live"), {
    changed: refresh,
    redraw(wider) {
      timeline.show(wider);
      finder.show(wider);
    },
  });
  live.show(day);
  await live.first;
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function whenIdle(act) {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: 500 });
  else setTimeout(act, 50);
}

/** Asks whether the draft still fits the records: after the day is drawn, because judging it takes longest. */
async function tellFit() {
  const response = await fetch(board.dataset.fitUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return;
  document.getElementById("board-fit").replaceChildren(...parsed(await response.text()).body.children);
}

/** Draws the day as it is by now: no flash, nothing moves. */
async function refresh() {
  await load();
  await panel.reload();
}

function markLists() {
  for (const button of board.querySelectorAll("[data-choose]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.choose) === selection.visit));
  }
}

board.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choose]");
  if (choice) selection.chooseVisit(Number(choice.dataset.choose));
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});
selection.addEventListener("change", markLists);
document.getElementById("load-again").addEventListener("click", load);
board.addEventListener("change", (event) => {
  const { id, value, validity } = event.target;
  // A year half typed is a date too, but not one that the field allows.
  if (id === "day-pick" && value && validity.valid) location.assign(new URL(value, location.href));
});

await load();
new RunWatch(
  document.getElementById("run"),
  document.getElementById("offline"),
  board.dataset.progressUrl,
  refresh,
);
