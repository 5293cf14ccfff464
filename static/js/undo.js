// Undo in place of "are you sure": <form data-undo="Line 4 taken out"> hides its data-undo-target (a row), waits, then sends.
// Leaving the page sends at once; nothing that was asked for is forgotten.
import { all, make, once, words } from "./words.js";

const WAIT = 8000;

export function startUndo(root) {
  all(root, "form[data-undo]").forEach((form) => {
    if (once(form, "Undo")) form.addEventListener("submit", (event) => hold(form, event));
  });
}

function hold(form, event) {
  event.preventDefault();
  const target = form.closest(form.dataset.undoTarget ?? "tr") ?? form;
  target.hidden = true;

  const back = make("button", { type: "button", class: "button-link" }, words("undo"));
  const bar = make("div", { class: "undo-bar", role: "status" }, make("span", {}, form.dataset.undo), back);
  document.querySelectorAll(".undo-bar").forEach((older) => older.dispatchEvent(new Event("settle")));
  document.body.append(bar);
  back.focus();

  let settled = false;
  const settle = (send) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    window.removeEventListener("pagehide", leave);
    bar.remove();
    if (send) deliver(form, target);
    else {
      target.hidden = false;
      delete form.dataset.sent;
      form.querySelector("button")?.focus();
    }
  };
  const leave = () => settle(true);
  const timer = setTimeout(() => settle(true), WAIT);
  window.addEventListener("pagehide", leave);
  bar.addEventListener("settle", leave);
  back.addEventListener("click", () => settle(false));
}

async function deliver(form, target) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => null);
  if (answer?.ok) target.remove();
  else {
    target.hidden = false;
    document.dispatchEvent(new CustomEvent("portal:refused", { detail: answer?.status ?? 0 }));
  }
}
