// Passkeys: <form data-passkey="create|get|sign-in"> asks the browser for one and sends what it answers.
// The JSON form of questions and answers is read and written by allauth's webauthn-json.js (window.webauthnJSON).
import { all, once, words } from "./words.js";

const TOLD = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "place" };

export function startPasskeys(root) {
  all(root, "form[data-passkey]").forEach((form) => {
    if (!once(form, "Passkey")) return;
    const able = Boolean(window.PublicKeyCredential && window.webauthnJSON);
    form.querySelector("[data-passkey-button]").hidden = !able;
    form.querySelector("[data-passkey-unable]").hidden = able;
    if (!able) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  });
}

async function ask(form) {
  const button = form.querySelector("[data-passkey-button]");
  const told = form.querySelector("[data-passkey-told]");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  told.textContent = "";
  try {
    const options = await question(form);
    const answer = form.dataset.passkey === "create"
      ? await window.webauthnJSON.create(options)
      : await window.webauthnJSON.get(options);
    form.elements.namedItem("credential").value = JSON.stringify(answer);
    form.submit(); // once: the button stays disabled until the next page
  } catch (error) {
    button.removeAttribute("aria-disabled");
    told.textContent = words(TOLD[error.name] ?? error.told ?? "failed", {}, form.dataset);
    button.focus();
  }
}

// What the passkey is asked: on the page itself, or fetched, so that nothing is kept for who only looks at the page.
async function question(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw Object.assign(new Error("no question"), { told: answer.status === 429 ? "busy" : "failed" });
  return (await answer.json()).request_options;
}
