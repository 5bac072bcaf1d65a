// The ways to a change by hand: right button, menu key, letters on a bar, and undo.

/** `act`: {hand, menu, moving}. `timeline`: a Timeline. */
export function handKeys(board, timeline, act) {
  const { hand, menu, moving } = act;

  board.addEventListener("contextmenu", (event) => {
    const here = visitAt(event.target, timeline);
    if (!here || !hand.movable) return;
    event.preventDefault();
    const box = event.target.getBoundingClientRect();
    const [x, y] = event.clientX || event.clientY ? [event.clientX, event.clientY] : [box.left + 8, box.bottom];
    menu.open(here.visit, here.giver, x, y);
  });

  board.addEventListener("keydown", (event) => {
    const here = visitAt(event.target, timeline);
    if (!here || !hand.movable || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = event.key.toLowerCase();
    if (letter === "m") moving.open(here.visit, here.giver);
    else if (letter === "p" && hand.day.visits[here.visit].served) {
      hand.pin(here.visit, hand.day.visits[here.visit].pinned ? "nothing" : "start");
    } else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, dialog");
    if (writing || !hand.movable || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) hand.redo();
    else hand.undo();
  });

  board.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-hand]");
    if (tool) hand[tool.dataset.hand]();
    const mover = event.target.closest("[data-move]");
    if (mover) moving.open(Number(mover.dataset.move));
  });
}

/** The visit that an element stands for: a bar, or an entry of the list. `giver`: see `Timeline.giver`. */
export function visitAt(element, timeline) {
  const bar = element.closest(".tl-bar");
  if (bar) return { visit: Number(bar.dataset.visit), giver: timeline.giver(bar), element: bar };
  const entry = element.closest("#unassigned li");
  const choose = entry?.querySelector("[data-choose]");
  return choose ? { visit: Number(choose.dataset.choose), giver: null, element: choose } : null;
}
