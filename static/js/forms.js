// Forms: the error summary takes the focus, filters send themselves, changes are guarded, a form is sent once.
import { all, once } from "./words.js";

const FILTER_DELAY = 500;

export function startForms(root) {
  all(root, "[data-error-summary]").forEach(focusSummary);
  all(root, "form[data-autosubmit]").forEach(autosubmit);
  all(root, "form[data-guard]").forEach(guard);
  all(root, "form[method=post]").forEach(sendOnce);
  all(root, "[data-upload]").forEach(dropZone);
}

function focusSummary(summary) {
  if (!once(summary, "Summary")) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    event.preventDefault();
    const field = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea");
    (place.closest(".field") ?? place).scrollIntoView({ block: "start" });
    (field ?? place).focus({ preventScroll: true });
  });
}

// Choices send at once, typed words when typing has paused.
function autosubmit(form) {
  if (!once(form, "Autosubmit")) return;
  let timer = 0;
  const send = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), delay);
  };
  form.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=text], input[type=search]")) send(0);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("input[type=search]")) send(FILTER_DELAY);
  });
  const search = form.querySelector("input[type=search]");
  if (search?.value && performance.getEntriesByType("navigation")[0]?.type === "navigate" && location.search) {
    search.focus({ preventScroll: true });
    search.setSelectionRange(search.value.length, search.value.length);
  }
}

// Leaving with changes asks first; the browser has its own words for it.
function guard(form) {
  if (!once(form, "Guard")) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// A second press while the first is under way does nothing. The server refuses doubles too.
function sendOnce(form) {
  if (!once(form, "Once") || form.hasAttribute("hx-post")) return;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
}

function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  if (!input || !once(zone, "Drop")) return;
  const over = (on) => zone.classList.toggle("upload-over", on);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
