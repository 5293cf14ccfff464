// Columns with choices: what is typed is understood by code or by words; the list of suggestions under the cell.
import { make } from "../words.js";

const SHOWN = 40;

/** Prepare the columns for quick look-up. */
export function prepare(columns) {
  for (const column of columns) {
    column.byValue = new Map();
    column.byWords = new Map();
    for (const choice of column.choices ?? []) {
      choice.words = `${choice.label} ${choice.value}`.toLowerCase();
      column.byValue.set(choice.value, choice);
      column.byWords.set(choice.label.trim().toLowerCase(), choice);
      column.byWords.set(choice.value.trim().toLowerCase(), choice);
    }
  }
  return columns;
}

/** The words shown for a stored value. */
export function shown(column, value) {
  return column.byValue.get(value)?.label ?? value;
}

/** The value for typed or pasted words; what no choice matches stays as it was typed, for the checks to name. */
export function understood(column, text) {
  const plain = text.replace(/[\r\n\t]+/g, " ");
  if (column.type !== "choice") return plain.trim();
  const wanted = plain.trim().toLowerCase();
  if (wanted === "") return "";
  const exact = column.byWords.get(wanted);
  if (exact) return exact.value;
  const starting = column.choices.filter((choice) => choice.words.startsWith(wanted));
  return starting.length === 1 ? starting[0].value : plain.trim();
}

function matching(column, text) {
  const wanted = text.trim().toLowerCase();
  const chosen = column.choices.indexOf(column.byWords.get(wanted));
  if (wanted === "" || chosen >= 0) return column.choices.slice(Math.max(0, chosen - 4), Math.max(0, chosen - 4) + SHOWN);
  const first = [];
  const rest = [];
  for (const choice of column.choices) {
    if (choice.label.toLowerCase().startsWith(wanted) || choice.value.toLowerCase().startsWith(wanted)) first.push(choice);
    else if (choice.words.includes(wanted)) rest.push(choice);
  }
  return [...first, ...rest].slice(0, SHOWN);
}

export class ChoiceList {
  constructor(shell, onPick) {
    this.element = make("ul", { class: "suggest-list grid-choices", role: "listbox", id: "grid-choices", hidden: true });
    this.onPick = onPick;
    this.found = [];
    this.at = -1;
    shell.append(this.element);
    this.element.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const place = [...this.element.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0) this.onPick(this.found[place]);
    });
  }

  get open() {
    return !this.element.hidden;
  }

  /** Show what matches under the input; the first match is marked once something was typed. */
  show(input, column, text, typed) {
    this.input = input;
    this.found = matching(column, text);
    if (this.found.length === 0) {
      this.hide();
      return;
    }
    const options = this.found.map((choice, index) => make(
      "li", { role: "option", id: `grid-choice-${index}`, "aria-selected": "false" }, choice.label));
    this.element.replaceChildren(...options);
    this.element.setAttribute("aria-label", column.label);
    this.element.hidden = false;
    this.place(input);
    input.setAttribute("aria-expanded", "true");
    this.moved = false;
    const chosen = this.found.indexOf(column.byWords.get(text.trim().toLowerCase()));
    this.mark(chosen >= 0 ? chosen : typed && text.trim() ? 0 : -1);
  }

  place(input) {
    const frame = this.element.parentElement.getBoundingClientRect();
    const cell = input.getBoundingClientRect();
    const below = window.innerHeight - cell.bottom;
    const up = below < this.element.offsetHeight && cell.top > below;
    const left = Math.min(cell.left - frame.left, frame.width - this.element.offsetWidth);
    this.element.style.left = `${Math.max(0, left)}px`;
    this.element.style.top = up ? `${cell.top - frame.top - this.element.offsetHeight}px` : `${cell.bottom - frame.top}px`;
  }

  hide() {
    this.element.hidden = true;
    this.at = -1;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const last = this.found.length - 1;
    this.moved = true;
    this.mark(this.at + step > last ? 0 : this.at + step < 0 ? last : this.at + step);
  }

  mark(at) {
    this.at = at;
    [...this.element.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", `grid-choice-${at}`);
      this.element.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  get marked() {
    return this.open && this.at >= 0 ? this.found[this.at] : null;
  }
}
