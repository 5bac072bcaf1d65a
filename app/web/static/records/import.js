// "Check only" shows its result below the form, so that the chosen file stays chosen and can then be imported.

const form = document.querySelector("[data-import]");
const result = document.querySelector("[data-import-result]");

form.addEventListener("submit", async (event) => {
  if (event.submitter?.name !== "check") return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  result.textContent = "Checking …";
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" });
    const text = await answer.text();
    if (answer.headers.get("Content-Type")?.startsWith("text/html")) result.innerHTML = text;
    else result.textContent = JSON.parse(text).error;
  } catch {
    result.textContent = "The service cannot be reached: check the connection and try again.";
  } finally {
    for (const button of buttons) button.disabled = false;
  }
});
