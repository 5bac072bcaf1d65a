// A quiet grid under a map: squares of a round number of miles, so that a map without roads still gives a scale.

import * as L from "./vendor/leaflet/leaflet-src.esm.js";

const MILES = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const METRES_PER_MILE = 1609.344;
const METRES_PER_DEGREE = 111_320;
const LEAST_PIXELS = 70;

export const Grid = L.LayerGroup.extend({
  onAdd(map) {
    if (!map.getPane("grid")) map.createPane("grid").classList.add("grid-pane");
    // Added before we listen: it must have moved on before lines are drawn on it, or it clips them all away.
    this._renderer = L.svg({ pane: "grid", padding: 0.5 }).addTo(map);
    map.on("moveend", this._draw, this);
    L.LayerGroup.prototype.onAdd.call(this, map);
  },

  onRemove(map) {
    map.off("moveend", this._draw, this);
    L.LayerGroup.prototype.onRemove.call(this, map);
    this._renderer.remove();
  },

  _draw() {
    const bounds = this._map.getBounds().pad(0.5);
    const latitude = this._map.getCenter().lat;
    const metresPerPixel = 40_075_016 * Math.cos((latitude * Math.PI) / 180) / 2 ** (this._map.getZoom() + 8);
    const miles = MILES.find((each) => (each * METRES_PER_MILE) / metresPerPixel >= LEAST_PIXELS) ?? MILES.at(-1);
    const high = (miles * METRES_PER_MILE) / METRES_PER_DEGREE;
    // Rounded, so that the lines stay where they are while the map is dragged.
    const wide = high / Math.cos((Math.round(latitude) * Math.PI) / 180);
    this.clearLayers();
    for (const east of steps(bounds.getWest(), bounds.getEast(), wide)) {
      this._line([bounds.getSouth(), east], [bounds.getNorth(), east]);
    }
    for (const north of steps(bounds.getSouth(), bounds.getNorth(), high)) {
      this._line([north, bounds.getWest()], [north, bounds.getEast()]);
    }
  },

  _line(from, to) {
    this.addLayer(L.polyline([from, to], { renderer: this._renderer, interactive: false, className: "grid-line", weight: 1 }));
  },
});

function* steps(low, high, size) {
  for (let at = Math.ceil(low / size) * size; at <= high; at += size) yield at;
}
