// Addresses of screens, and links out of the page.

export const to = {
  home: () => "#/",
  day: (day) => `#/day/${day}`,
  visit: (id) => `#/visit/${id}`,
  supplies: (day) => `#/supplies/${day}`,
};

/** {screen, of} of the address in the bar. */
export function here() {
  const [, screen = "", of = ""] = location.hash.split("/");
  return { screen: screen || "home", of };
}

/** The phone's own maps, with the point alone: no name, no address. */
export function mapLink({ latitude, longitude }) {
  const point = `${latitude.toFixed(6)},${longitude.toFixed(6)}`;
  if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) return `https://maps.apple.com/?daddr=${point}&dirflg=d`;
  if (/Android/.test(navigator.userAgent)) return `geo:0,0?q=${point}`;
  const query = new URLSearchParams({ api: "1", destination: point, travelmode: "driving" });
  return `https://www.google.com/maps/dir/?${query}`;
}

/** "tel:6145550142;ext=3" for "(614) 555-0142 ext. 3"; "" where there is no number. */
export function phoneLink(written) {
  const [number, extension = ""] = written.replace(/\s*(ext\.?|x)\s*/i, ";").split(";");
  const digits = number.replace(/[^\d+]/g, "");
  const inner = extension.replace(/\D/g, "");
  if (!digits) return "";
  return inner ? `tel:${digits};ext=${inner}` : `tel:${digits}`;
}
