// How the base map's tiles are drawn. Their layers and kinds are those of app/base_map/features.py.
//
// Quiet on purpose: routes and stops must stand out from it.

const GREY_NAMES = "500 10px system-ui, sans-serif";

/** Rules for protomaps-leaflet, in the colours the page has now. */
export function paint() {
  const { PolygonSymbolizer, LineSymbolizer, LineLabelSymbolizer, CenteredTextSymbolizer } = globalThis.protomapsL;
  const colour = colours();
  const area = (dataLayer, fill) => ({
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill }),
    filter: (_, feature) => feature.geomType === 3,
  });
  const line = (dataLayer, kinds, color, width, minzoom = 0) => ({
    dataLayer,
    minzoom,
    symbolizer: new LineSymbolizer({ color, width: (zoom) => grow(zoom, width), lineCap: "round", lineJoin: "round" }),
    filter: (_, feature) => feature.geomType === 2 && kinds.includes(feature.props.kind),
  });
  const names = (dataLayer, kinds, minzoom, symbolizer) => ({
    dataLayer,
    minzoom,
    symbolizer,
    filter: (_, feature) => kinds.includes(feature.props.kind) && Boolean(feature.props.name),
  });
  const streetName = new LineLabelSymbolizer({
    font: GREY_NAMES,
    fill: colour.name,
    stroke: colour.land,
    width: 3,
  });
  const placeName = (size, weight) =>
    new CenteredTextSymbolizer({
      font: `${weight} ${size}px system-ui, sans-serif`,
      fill: colour.place,
      stroke: colour.land,
      width: 3,
      lineHeight: 1.1,
    });
  return {
    backgroundColor: colour.land,
    paintRules: [
      area("green", colour.green),
      area("water", colour.water),
      line("water", ["river", "canal", "stream", "coast"], colour.water, [[8, 1], [14, 3], [18, 8]]),
      line("roads", ["service"], colour.street, [[14, 0.5], [18, 5]], 14),
      line("roads", ["street"], colour.street, [[12, 0.5], [14, 1.5], [18, 10]], 12),
      line("roads", ["minor"], colour.road, [[10, 0.5], [14, 2.5], [18, 12]]),
      line("roads", ["major"], colour.road, [[8, 0.75], [12, 1.75], [14, 3.5], [18, 14]]),
      line("roads", ["motorway"], colour.motorway, [[6, 0.75], [10, 1.75], [14, 4], [18, 15]]),
      line("rail", ["rail"], colour.rail, [[11, 0.5], [16, 1.5]]),
      line("rail", ["runway"], colour.road, [[11, 2], [15, 14]]),
    ],
    labelRules: [
      names("places", ["city", "town"], 0, placeName(13, 600)),
      names("places", ["village", "suburb"], 11, placeName(11, 600)),
      names("places", ["hamlet", "neighbourhood"], 13, placeName(10, 600)),
      names("roads", ["major", "motorway"], 12, streetName),
      names("roads", ["minor"], 13, streetName),
      names("roads", ["street"], 14, streetName),
      names("roads", ["service"], 17, streetName),
      names("water", ["water", "river"], 12, new CenteredTextSymbolizer({ font: `italic ${GREY_NAMES}`, fill: colour.waterName })),
    ],
  };
}

/** The product's colours for maps, resolved to what the page shows at this moment. */
function colours() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolve = (token) => {
    probe.style.setProperty("color", `var(--map-${token})`);
    return getComputedStyle(probe).color;
  };
  const found = {
    land: resolve("land"),
    water: resolve("water"),
    waterName: resolve("water-name"),
    green: resolve("green"),
    street: resolve("street"),
    road: resolve("road"),
    motorway: resolve("motorway"),
    rail: resolve("rail"),
    name: resolve("name"),
    place: resolve("place"),
  };
  probe.remove();
  return found;
}

/** A width between the stops [zoom, width] around `zoom`. */
function grow(zoom, stops) {
  const next = stops.findIndex(([at]) => at >= zoom);
  if (next === 0) return stops[0][1];
  if (next < 0) return stops.at(-1)[1];
  const [[from, thin], [to, thick]] = [stops[next - 1], stops[next]];
  return thin + ((zoom - from) / (to - from)) * (thick - thin);
}
