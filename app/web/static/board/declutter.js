// Which labels of a crowded map have room.

/**
 * Those of `boxes` ({x, y} their middle, width, height, in pixels; the most important first) that cover none which
 * came before them: a Set.
 */
export function withRoom(boxes) {
  const kept = new Set();
  const cell = Math.max(1, ...boxes.map((box) => Math.max(box.width, box.height)));
  const cells = new Map();
  for (const box of boxes) {
    const [column, row] = [Math.floor(box.x / cell), Math.floor(box.y / cell)];
    const near = [-1, 0, 1].flatMap((right) =>
      [-1, 0, 1].flatMap((below) => cells.get(`${column + right},${row + below}`) ?? []),
    );
    if (near.some((other) => overlap(box, other))) continue;
    kept.add(box);
    const key = `${column},${row}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(box);
  }
  return kept;
}

function overlap(one, other) {
  return (
    Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
    Math.abs(one.y - other.y) < (one.height + other.height) / 2
  );
}
