// Selection in a table: all at once, ranges with Shift, a count, and actions only when something is chosen.
import { all, once, words } from "./words.js";

export function startSelection(root) {
  all(root, "[data-bulk]").forEach((bar) => {
    const form = bar.closest("form");
    if (form && once(bar, "Bulk")) follow(form, bar);
  });
}

function follow(form, bar) {
  const boxes = () => [...form.querySelectorAll("td.select input[type=checkbox]")];
  const head = form.querySelector("[data-select-all]");
  const count = bar.querySelector("[data-bulk-count]");
  let last = null;

  const show = () => {
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    const name = chosen === 0 ? "selectedNone" : chosen === 1 ? "selectedOne" : "selectedMany";
    count.textContent = words(name, { count: chosen });
    bar.classList.toggle("bulk-active", chosen > 0);
    bar.querySelectorAll("button").forEach((button) => { button.disabled = chosen === 0; });
    if (head) {
      head.checked = chosen > 0 && chosen === every.length;
      head.indeterminate = chosen > 0 && chosen < every.length;
    }
  };

  form.addEventListener("click", (event) => {
    const box = event.target.closest("td.select input[type=checkbox]");
    if (!box) return;
    const every = boxes();
    if (event.shiftKey && last && every.includes(last)) {
      const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
      every.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    if (event.target === head) boxes().forEach((box) => { box.checked = head.checked; });
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  show();
}
