// Closes the account menu on Escape and on a click beside it; without this file it closes by its own button.

const menu = document.querySelector("details.who");

function close() {
  menu.open = false;
}

if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      close();
      menu.querySelector("summary").focus();
    }
  });
}
