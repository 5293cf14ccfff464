// What htmx could not do is said in words at the top of the page; failures are never silent.
import { make, words } from "./words.js";

export function startRequests() {
  document.addEventListener("htmx:sendError", () => tell(0));
  document.addEventListener("htmx:timeout", () => tell(0));
  document.addEventListener("htmx:responseError", (event) => tell(event.detail.xhr.status));
  document.addEventListener("portal:refused", (event) => tell(event.detail));
}

function tell(status) {
  const name = status === 0 || status === 503 ? "offline" : status === 401 || status === 403 ? "signedOut" : "failed";
  const main = document.getElementById("content");
  main.querySelector(":scope > [data-request-notice]")?.remove();
  const body = make("div", { class: "notice-body" }, make("p", {}, words(name)));
  const close = make("button", { type: "button", class: "button-link" }, words("dismiss"));
  const notice = make("div", { class: "notice notice-stop notice-bare", role: "alert", "data-request-notice": true }, body, close);
  close.addEventListener("click", () => notice.remove());
  main.prepend(notice);
}
