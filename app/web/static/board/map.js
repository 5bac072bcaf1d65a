// The map: each nurse's route as a line with numbered stops, homes, and the visits without a nurse.
//
// The lines are straight: they show who goes where in which order, not the roads. Keyboard and screen reader users
// have the same in the timeline and in the table, so the markers are no tab stops.

import * as L from "../vendor/leaflet/leaflet-src.esm.js";
import { h, icon } from "./dom.js";
import { Grid } from "./grid.js";

const MANY_STOPS = 120;

export class RouteMap {
  #root;
  #map;
  #selection;
  #layer = L.layerGroup();
  #visits = new Map();
  #routes = new Map();
  #bounds = null;
  #fitted = false;

  constructor(root, selection) {
    this.#root = root;
    this.#selection = selection;
    this.#map = L.map(root, {
      attributionControl: false,
      zoomControl: false,
      keyboard: false,
      zoomSnap: 0.5,
      minZoom: 3,
      maxZoom: 18,
      center: [0, 0],
      zoom: 3,
    });
    L.control.zoom({ position: "topright" }).addTo(this.#map);
    this.#addFitButton();
    L.control.scale({ position: "bottomleft", maxWidth: 110 }).addTo(this.#map);
    this.#layer.addTo(this.#map);
    new Grid().addTo(this.#map);
    new ResizeObserver(() => this.#resized()).observe(root);
    selection.addEventListener("change", (event) => this.#mark(event.detail.by !== this));
  }

  /** Draws a day; the first time, and when its places are others than before, the view is fitted to it. */
  show(day) {
    this.#layer.clearLayers();
    this.#visits.clear();
    this.#routes.clear();
    const planned = Object.values(day.visits).filter((visit) => visit.served).length;
    this.#root.classList.toggle("crowded", planned > MANY_STOPS);
    for (const nurse of day.nurses) this.#addRoute(nurse, day);
    for (const visit of Object.values(day.visits)) if (!visit.served) this.#addUnserved(visit);
    this.#fit(day);
    this.#mark(false);
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
      parts.at(-1).bindTooltip(`${nurse.number} ${nurse.name}`, { sticky: true });
    }
    parts.push(this.#home(nurse, colour));
    for (const stop of nurse.stops) parts.push(this.#stop(nurse, stop, day.visits[stop.visit], colour));
    for (const part of parts) this.#layer.addLayer(part);
    this.#routes.set(nurse.id, parts);
  }

  #home(nurse, colour) {
    const idle = nurse.stops.length ? "" : " idle";
    const mark = h("span", { class: `home-mark ${colour}${idle}` }, icon("home"), String(nurse.number));
    return marker(nurse.home, mark, -200, `${nurse.number} ${nurse.name}, home${idle && ", no visits"}`).on(
      "click",
      () => this.#selection.highlightNurse(nurse.id, this),
    );
  }

  #stop(nurse, stop, visit, colour) {
    const mark = h(
      "span",
      { class: `stop-mark ${colour}` },
      h("span", { class: "stop-nurse" }, String(nurse.number)),
      h("span", { class: "stop-position" }, String(stop.position)),
    );
    const label = `${visit.patient}, ${stop.text} (${nurse.name}, stop ${stop.position})`;
    return this.#visitMarker(visit, mark, 0, label);
  }

  #addUnserved(visit) {
    const mark = h("span", { class: "unserved-mark" }, "?");
    this.#layer.addLayer(this.#visitMarker(visit, mark, 300, `${visit.patient}: no nurse yet`));
  }

  #visitMarker(visit, mark, lift, label) {
    const made = marker(visit.point, mark, lift, label).on("click", () =>
      this.#selection.chooseVisit(visit.id, this),
    );
    made.lift = lift;
    if (!this.#visits.has(visit.id)) this.#visits.set(visit.id, []);
    this.#visits.get(visit.id).push(made);
    return made;
  }

  #mark(reveal) {
    const { visit, nurse } = this.#selection;
    for (const [id, markers] of this.#visits) {
      for (const each of markers) {
        each.getElement().classList.toggle("chosen", id === visit);
        each.setZIndexOffset(id === visit ? 1000 : each.lift);
      }
    }
    this.#root.classList.toggle("has-highlight", this.#routes.has(nurse));
    for (const [id, parts] of this.#routes) {
      for (const part of parts) part.getElement()?.classList.toggle("highlight", id === nurse);
    }
    const chosen = this.#visits.get(visit)?.[0];
    if (reveal && chosen && !this.#map.getBounds().pad(-0.1).contains(chosen.getLatLng())) {
      this.#map.panTo(chosen.getLatLng());
    }
  }

  #fit(day) {
    const points = [...day.nurses.map((nurse) => nurse.home), ...Object.values(day.visits).map((visit) => visit.point)];
    const bounds = points.length ? L.latLngBounds(points) : null;
    const same = this.#bounds && bounds?.equals(this.#bounds);
    this.#bounds = bounds;
    if (!same) this.#showAll();
  }

  #showAll() {
    this.#fitted = Boolean(this.#bounds) && this.#root.clientWidth > 0;
    if (this.#fitted) this.#map.fitBounds(this.#bounds, { padding: [28, 28], maxZoom: 14, animate: false });
  }

  #resized() {
    this.#map.invalidateSize({ pan: false });
    if (!this.#fitted) this.#showAll();
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

function marker(point, mark, zIndexOffset, label) {
  return L.marker(point, {
    icon: L.divIcon({ html: mark, className: "mark", iconSize: null }),
    keyboard: false,
    riseOnHover: true,
    zIndexOffset,
  }).bindTooltip(label, { direction: "top", offset: [0, -10] });
}
