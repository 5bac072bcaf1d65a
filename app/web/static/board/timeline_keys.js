// Where an arrow key leads in the timeline.

/** The name or bar that `key` leads to from `here`; nothing at an edge, and for other keys. */
export function neighbour(here, key) {
  const row = here.closest(".tl-row");
  const cells = cellsOf(row);
  switch (key) {
    case "ArrowRight":
      return cells[cells.indexOf(here) + 1];
    case "ArrowLeft":
      return cells[cells.indexOf(here) - 1];
    case "Home":
      return cells[0];
    case "End":
      return cells.at(-1);
    case "ArrowDown":
      return nearest(here, beside(row, "nextElementSibling"));
    case "ArrowUp":
      return nearest(here, beside(row, "previousElementSibling"));
    default:
      return null;
  }
}

/** The next row in a direction that is not filtered away. */
function beside(row, direction) {
  let next = row[direction];
  while (next?.hidden) next = next[direction];
  return next;
}

function cellsOf(row) {
  return [...row.querySelectorAll(".tl-name, .tl-bar")];
}

/** The cell of `row` closest in time to `here`; its name where `here` is a name or the row is idle. */
function nearest(here, row) {
  if (!row?.classList.contains("tl-row")) return null;
  const [name, ...bars] = cellsOf(row);
  if (here.classList.contains("tl-name") || !bars.length) return name;
  const distance = (bar) => Math.abs(middle(bar) - middle(here));
  return bars.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best));
}

function middle(bar) {
  return bar.offsetLeft + bar.offsetWidth / 2;
}
