// The map: each nurse's route as a line with numbered stops, homes, and the visits without a nurse.
//
// The lines are straight: they show who goes where in which order, not the roads. Keyboard and screen reader users
// have the same in the timeline and in the table, so the markers are no tab stops.

import * as L from "../vendor/leaflet/leaflet-src.esm.js";
import { h, icon } from "./dom.js";
import { addBaseMap } from "../base_map.js";
import { withRoom } from "./declutter.js";

const MARK_HEIGHT = 20;
const MARK_WIDTH = 24;
const DIGIT_WIDTH = 7;
/** Ranks: visits without a nurse are 0, stops their position; homes come last. */
const HOME = 1000;
const [CHOSEN_LIFT, SMALL_LIFT] = [5000, -5000];

export class RouteMap {
  #root;
  #map;
  #selection;
  #layer = L.layerGroup();
  #visits = new Map();
  #routes = new Map();
  #homes = new Map();
  #found = null;
  #marked = { visit: null, nurse: null };
  #bounds = null;
  #shownAll = true;

  constructor(root, selection) {
    this.#root = root;
    this.#selection = selection;
    this.#map = L.map(root, {
      attributionControl: false,
      zoomControl: false,
      keyboard: false,
      zoomSnap: 0.25,
      zoomDelta: 0.75,
      minZoom: 3,
      maxZoom: 18,
      center: [0, 0],
      zoom: 3,
    });
    L.control.zoom({ position: "topright" }).addTo(this.#map);
    this.#addFitButton();
    L.control.scale({ position: "bottomleft", maxWidth: 110 }).addTo(this.#map);
    this.#layer.addTo(this.#map);
    addBaseMap(this.#map);
    new ResizeObserver(() => this.#resized()).observe(root);
    this.#map.on("dragstart zoomstart", () => (this.#shownAll = false));
    this.#map.on("zoomend", () => this.#declutter());
    selection.addEventListener("change", (event) => this.#mark(event.detail.by !== this));
  }

  /** Draws a day; the first time, and when its places are others than before, the view is fitted to it. */
  show(day) {
    this.#layer.clearLayers();
    this.#visits.clear();
    this.#routes.clear();
    this.#homes.clear();
    this.#marked = { visit: null, nurse: null };
    for (const nurse of day.nurses) this.#addRoute(nurse, day);
    for (const visit of Object.values(day.visits)) if (!visit.served) this.#addUnserved(visit);
    this.#fit(day);
    this.#mark(false);
    this.#declutter();
  }

  /** Shows only the marks and routes of `found` ({visits, nurses}: sets of ids); null shows all. */
  filter(found) {
    this.#found = found;
    for (const [nurse, parts] of this.#routes) {
      const out = Boolean(found) && !found.nurses.has(nurse);
      for (const part of parts) if (!part.visit) part.getElement()?.classList.toggle("filtered", out);
    }
    for (const each of this.#marks()) each.getElement()?.classList.toggle("filtered", !this.#isFound(each));
    this.#declutter();
  }

  #isFound(each) {
    if (!this.#found) return true;
    return each.visit ? this.#found.visits.has(each.visit) : this.#found.nurses.has(each.nurse);
  }

  #marks() {
    return [...this.#visits.values()].flat().concat(...this.#homes.values());
  }

  /** Marks that would cover others become dots; one looks closer, or picks a nurse, to read those, too. */
  #declutter() {
    const marks = this.#marks().filter((each) => this.#isFound(each));
    const boxes = marks.map((each) => {
      const { x, y } = this.#map.latLngToLayerPoint(each.getLatLng());
      return { each, x, y: y + each.down, width: MARK_WIDTH + DIGIT_WIDTH * each.digits, height: MARK_HEIGHT };
    });
    boxes.sort((one, other) => this.#rank(one.each) - this.#rank(other.each));
    const roomy = withRoom(boxes);
    for (const box of boxes) this.#shrink(box.each, !roomy.has(box));
    const stops = boxes.filter((box) => box.each.rank < HOME);
    this.#root.classList.toggle("crowded", stops.filter((box) => !roomy.has(box)).length > stops.length / 2);
  }

  #shrink(each, small) {
    each.small = small;
    each.getElement()?.classList.toggle("small", small);
    this.#stack(each);
  }

  /** Labels lie above dots, and what is chosen above all. */
  #stack(each) {
    const chosen = this.#visits.get(this.#selection.visit)?.includes(each);
    each.setZIndexOffset(chosen ? CHOSEN_LIFT : each.lift + (each.small ? SMALL_LIFT : 0));
  }

  /** What is to be read first: the chosen visit, the nurse that stands out, then as `rank` says. */
  #rank(each) {
    if (this.#visits.get(this.#selection.visit)?.includes(each)) return -2;
    return each.nurse === this.#selection.nurse ? -1 : each.rank;
  }

  #addRoute(nurse, day) {
    const parts = [];
    const stops = nurse.stops.map((stop) => day.visits[stop.visit].point);
    const colour = `colour-${nurse.colour}`;
    if (stops.length) {
      for (const [className, weight] of [["route-casing", 6], ["route-line", 3]]) {
        parts.push(
          L.polyline([nurse.home, ...stops, nurse.home], {
            className: `${className} ${colour}`,
            weight,
            interactive: className === "route-line",
          }).on("click", () => this.#selection.highlightNurse(nurse.id, this)),
        );
      }
      parts.at(-1).bindTooltip(words(`${nurse.number} ${nurse.name}`), { sticky: true });
    }
    const home = this.#home(nurse, colour);
    this.#homes.set(nurse.id, home);
    parts.push(home);
    for (const stop of nurse.stops) parts.push(this.#stop(nurse, stop, day.visits[stop.visit], colour));
    for (const part of parts) this.#layer.addLayer(part);
    this.#routes.set(nurse.id, parts);
  }

  #home(nurse, colour) {
    const idle = nurse.stops.length ? "" : " idle";
    const mark = h("span", { class: `home-mark ${colour}${idle}` }, icon("home"), String(nurse.number));
    const label = `${nurse.number} ${nurse.name}, home${idle && ", no visits"}`;
    const made = marker(nurse.home, mark, -200, label).on("click", () => this.#selection.highlightNurse(nurse.id, this));
    return Object.assign(made, { nurse: nurse.id, rank: HOME, digits: digits(nurse.number), down: 0, lift: -200 });
  }

  #stop(nurse, stop, visit, colour) {
    const mark = h(
      "span",
      { class: `stop-mark ${colour}` },
      h("span", { class: "stop-nurse" }, String(nurse.number)),
      h("span", { class: "stop-position" }, String(stop.position)),
    );
    const label = `${visit.patient}, ${stop.text} (${nurse.name}, stop ${stop.position})`;
    const made = this.#visitMarker(visit, mark, 0, label);
    return Object.assign(made, { nurse: nurse.id, rank: stop.position, digits: digits(nurse.number, stop.position) });
  }

  #addUnserved(visit) {
    const mark = h("span", { class: "unserved-mark" }, "?");
    const made = this.#visitMarker(visit, mark, 300, `${visit.patient}: no nurse yet`);
    this.#layer.addLayer(Object.assign(made, { rank: 0, digits: 0 }));
  }

  #visitMarker(visit, mark, lift, label) {
    const made = marker(visit.point, mark, lift, label).on("click", () =>
      this.#selection.chooseVisit(visit.id, this),
    );
    if (!this.#visits.has(visit.id)) this.#visits.set(visit.id, []);
    const others = this.#visits.get(visit.id);
    // Two nurses at one address: the second one's mark stands below the first.
    if (others.length) mark.classList.add("second");
    others.push(Object.assign(made, { visit: visit.id, lift, down: others.length ? MARK_HEIGHT : 0 }));
    return made;
  }

  /** Marks what is chosen; touches only what changes, for there may be hundreds of markers. */
  #mark(reveal) {
    const { visit, nurse } = this.#selection;
    if (this.#marked.visit !== visit) {
      for (const each of this.#visits.get(this.#marked.visit) ?? []) this.#choose(each, false);
      for (const each of this.#visits.get(visit) ?? []) this.#choose(each, true);
    }
    if (this.#marked.nurse !== nurse) {
      this.#root.classList.toggle("has-highlight", this.#routes.has(nurse));
      for (const [id, on] of [[this.#marked.nurse, false], [nurse, true]]) {
        for (const part of this.#routes.get(id) ?? []) part.getElement()?.classList.toggle("highlight", on);
      }
    }
    if (this.#marked.visit !== visit || this.#marked.nurse !== nurse) this.#declutter();
    this.#marked = { visit, nurse };
    if (reveal) this.#revealChosen();
  }

  #choose(each, on) {
    each.getElement().classList.toggle("chosen", on);
    this.#stack(each);
  }

  #fit(day) {
    const points = [...day.nurses.map((nurse) => nurse.home), ...Object.values(day.visits).map((visit) => visit.point)];
    const bounds = points.length ? L.latLngBounds(points) : null;
    const same = this.#bounds && bounds?.equals(this.#bounds);
    this.#bounds = bounds;
    if (!same) this.#showAll();
  }

  #showAll() {
    if (this.#bounds && this.#root.clientWidth) {
      // Room for the legend at the top and the buttons on the right.
      this.#map.fitBounds(this.#bounds, {
        paddingTopLeft: [24, 44],
        paddingBottomRight: [60, 24],
        maxZoom: 14,
        animate: false,
      });
    }
    this.#shownAll = true;
  }

  /** The whole day stays in view until the dispatcher looks elsewhere; then what she chose does. */
  #resized() {
    this.#map.invalidateSize({ pan: false });
    if (this.#shownAll) this.#showAll();
    else this.#revealChosen();
  }

  #revealChosen() {
    const chosen = this.#visits.get(this.#selection.visit)?.[0].getLatLng();
    if (chosen && !this.#map.getBounds().pad(-0.1).contains(chosen)) this.#map.panTo(chosen);
  }

  #addFitButton() {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const button = h(
        "button",
        { class: "map-fit", type: "button", "aria-label": "Show the whole day on the map", title: "Show all" },
        icon("fit"),
      );
      L.DomEvent.disableClickPropagation(button).on(button, "click", () => this.#showAll());
      return button;
    };
    control.addTo(this.#map);
  }
}

function digits(...numbers) {
  return numbers.join("").length;
}

/** Names as Leaflet may have them: it takes a string for HTML. */
function words(text) {
  return h("span", {}, text);
}

function marker(point, mark, zIndexOffset, label) {
  return L.marker(point, {
    icon: L.divIcon({ html: mark, className: "mark", iconSize: null }),
    keyboard: false,
    riseOnHover: true,
    zIndexOffset,
  }).bindTooltip(words(label), { direction: "top", offset: [0, -10] });
}
