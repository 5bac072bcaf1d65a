// The map of a form: a pin that follows the typed degrees, and degrees that follow the pin.
//
// The base map, or where there is none a grid of miles, the middle of the region and the nurses' homes show where
// one is.

import * as L from "../vendor/leaflet/leaflet-src.esm.js";
import { addBaseMap } from "../base_map.js";
import { ask } from "./ask.js";

const CLOSE = 13;
const WHOLE_REGION = 10.5;

export async function placeMap(root) {
  const form = root.closest("form");
  const [latitude, longitude] = [form.elements.latitude, form.elements.longitude];
  const map = L.map(root, { attributionControl: false, zoomSnap: 0.5, minZoom: 7, maxZoom: 18, center: [0, 0], zoom: 7 });
  L.control.scale({ position: "bottomleft", metric: false }).addTo(map);
  addBaseMap(map);
  const pin = L.marker([0, 0], {
    draggable: true,
    keyboard: false,
    icon: L.divIcon({ className: "place-pin", iconSize: [28, 36], iconAnchor: [14, 34] }),
  });

  pin.on("dragend", () => write(pin.getLatLng()));
  for (const input of [latitude, longitude]) input.addEventListener("input", () => show(true));
  form.querySelector("[data-locate]")?.addEventListener("click", (event) => locate(event.currentTarget));
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(root);

  root.ariaBusy = "true";
  const marks = await ask(root.dataset.placeMap).catch(() => null);
  if (marks) drawLandmarks(map, marks, typed());
  if (!show(true) && marks) map.setView([marks.centre.latitude, marks.centre.longitude], WHOLE_REGION);
  // Not earlier: until the view is on the region a click would set the pin somewhere in the ocean.
  map.on("click", (event) => (write(event.latlng), show(false)));
  root.ariaBusy = "false";

  function typed() {
    const values = [latitude.value, longitude.value].map((text) => (text.trim() ? Number(text) : NaN));
    const fits = values.every(Number.isFinite) && Math.abs(values[0]) <= 90 && Math.abs(values[1]) <= 180;
    return fits ? values : null;
  }

  /** Puts the pin where the degrees say; `move` brings it into view. False: they say nothing yet. */
  function show(move) {
    const place = typed();
    if (!place) {
      pin.remove();
      return false;
    }
    pin.setLatLng(place).addTo(map);
    if (move) map.setView(place, Math.max(map.getZoom(), CLOSE), { animate: false });
    return true;
  }

  function write(place) {
    latitude.value = place.lat.toFixed(5);
    longitude.value = place.wrap().lng.toFixed(5);
  }

  async function locate(button) {
    const result = form.querySelector("[data-locate-result]");
    button.disabled = true;
    result.textContent = "Looking …";
    try {
      const found = await ask(button.dataset.locate, { address: form.elements.address.value });
      write(L.latLng(found.latitude, found.longitude));
      show(true);
      const kind = found.kind ? ` (${found.kind})` : "";
      result.textContent = `Found: ${found.matched}${kind}. Right? If not, move the pin.`;
    } catch (error) {
      result.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }
}

/** `own`: the place the form is about, which is no landmark for itself. */
function drawLandmarks(map, { centre, homes }, own) {
  const dot = (className) => L.divIcon({ className, iconSize: [10, 10] });
  L.marker([centre.latitude, centre.longitude], { icon: dot("landmark centre"), interactive: false, keyboard: false })
    .bindTooltip(centre.name, { permanent: true, direction: "top", className: "landmark-name" })
    .addTo(map);
  const others = homes.filter((home) => home.latitude !== own?.[0] || home.longitude !== own?.[1]);
  for (const home of others) {
    L.marker([home.latitude, home.longitude], { icon: dot("landmark"), keyboard: false })
      .bindTooltip(`${home.name}'s home`)
      .addTo(map);
  }
}
