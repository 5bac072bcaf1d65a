// Asking our own service: a form's fields are posted, JSON comes back. What is asked never stands in an address.

const token = document.querySelector('meta[name="csrf-token"]').content;

/** The answer, parsed. Throws an Error whose message may be shown. */
export async function ask(address, fields) {
  const options = fields
    ? { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token } }
    : {};
  let answer;
  try {
    answer = await fetch(address, { ...options, credentials: "same-origin" });
  } catch {
    throw new Error("The service cannot be reached: check the connection and try again.");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error ?? "That did not work: try again.");
  return body;
}
