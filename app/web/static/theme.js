// The switch between light, dark and the system's choice. The cookie lets the server set it before anything is drawn.

const YEAR_S = 31_536_000;
const root = document.documentElement;
const group = document.querySelector("[data-theme-switch]");

function mark() {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme ?? "")));
  }
}

function choose(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR_S : 0}; samesite=lax${secure}`;
  document.dispatchEvent(new Event("themechange"));
  mark();
}

if (group) {
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) choose(button.value);
  });
  mark();
}
