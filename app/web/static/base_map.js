// What lies under a map: our own vector tiles, or map pictures of a host, or a quiet grid; the page's
// <meta name="base-map"> says which. Colours are the product's (tokens.css), light or dark as the page is.

import * as L from "./vendor/leaflet/leaflet-src.esm.js";
import { Grid } from "./grid.js";
import { paint } from "./base_map_style.js";

const PROTOMAPS = new URL("./vendor/protomaps/protomaps-leaflet.js", import.meta.url);
const COPYRIGHT = "https://www.openstreetmap.org/copyright";
const LAST_ZOOM = 14;

/** Puts the base map under `map`, with its credit; where it cannot be drawn, the grid. */
export async function addBaseMap(map) {
  const chosen = document.querySelector("meta[name=base-map]");
  if (!chosen) {
    new Grid().addTo(map);
    return;
  }
  const { kind, attribution } = chosen.dataset;
  try {
    if (kind === "vector") await addTiles(map, chosen.content);
    else addPictures(map, chosen.content);
    addCredit(map, attribution);
  } catch {
    new Grid().addTo(map);
  }
}

async function addTiles(map, url) {
  globalThis.L ??= L; // the library's only way to find Leaflet
  await loadScript(PROTOMAPS);
  const draw = () => globalThis.protomapsL.leafletLayer({ url, maxDataZoom: LAST_ZOOM, attribution: "", ...paint() });
  let layer = draw().addTo(map);
  const redraw = () => {
    const next = draw().addTo(map);
    layer.remove();
    layer = next;
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.addEventListener("themechange", redraw);
}

function addPictures(map, url) {
  // The host learns which service asks, as its rules may demand, and never which page.
  L.tileLayer(url, { className: "map-pictures", referrerPolicy: "origin", maxZoom: 19 }).addTo(map);
}

function addCredit(map, words) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const credit = document.createElement(words.includes("OpenStreetMap") ? "a" : "span");
    credit.className = "map-credit";
    credit.textContent = words;
    if (credit.tagName === "A") Object.assign(credit, { href: COPYRIGHT, target: "_blank", rel: "noopener" });
    return credit;
  };
  control.addTo(map);
}

const loaded = new Map();

function loadScript(url) {
  if (!loaded.has(url.href)) {
    loaded.set(
      url.href,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
        script.src = url.href;
        document.head.append(script);
      }),
    );
  }
  return loaded.get(url.href);
}
