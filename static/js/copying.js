// Copy buttons: <button data-copy="id">.
import { all, once, words } from "./words.js";

export function startCopying(root) {
  all(root, "button[data-copy]").forEach((button) => {
    if (!once(button, "Copy")) return;
    const label = button.querySelector("[data-copy-label]") ?? button;
    const before = label.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      label.textContent = words("copied");
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  });
}
