// The bar above the grid: add, copy and take out lines, undo, redo, fill down, find; and what saving says.
import { make } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";

export function symbol(icons, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons}#${name}`);
  svg.append(use);
  return svg;
}

export class Toolbar {
  constructor({ say, icons, actions, readonly }) {
    Object.assign(this, { say, icons });
    this.state = make("span", { class: "grid-state", role: "status" });
    this.buttons = {};
    const button = (name, icon, act, keys = "") => {
      const words = say(name);
      const element = make("button", { type: "button", class: "button button-small", title: keys ? `${words} (${keys})` : words },
        symbol(icons, icon), make("span", { class: "grid-tool-words" }, words));
      element.addEventListener("click", act);
      this.buttons[name] = element;
      return element;
    };
    const editing = readonly ? [] : [
      button("addLine", "plus", actions.add),
      button("copyLines", "copy", actions.duplicate),
      button("deleteLines", "trash", actions.remove, "Ctrl+-"),
      button("fillDown", "descending", actions.fillDown, "Ctrl+D"),
      button("undo", "undo", actions.undo, "Ctrl+Z"),
      button("redo", "redo", actions.redo, "Ctrl+Y"),
    ];
    const tools = make("div", { class: "grid-tools", role: "toolbar", "aria-label": say("tools") },
      ...editing, button("find", "search", actions.find, "Ctrl+F"));
    this.element = make("div", { class: "grid-bar" }, tools, this.state);
    this.find = findBar(say, icons, actions);
  }

  /** What saving says: words, and a tone (good, note, warn, stop). */
  setState(words, tone, icon) {
    this.state.className = `grid-state grid-state-${tone}`;
    this.state.replaceChildren(symbol(this.icons, icon), make("span", {}, words));
  }

  setHistory(sheet) {
    if (!this.buttons.undo) return;
    this.buttons.undo.disabled = sheet.done.length === 0;
    this.buttons.redo.disabled = sheet.undone.length === 0;
  }
}

function findBar(say, icons, actions) {
  const input = make("input", { type: "search", id: "grid-find", autocomplete: "off" });
  const found = make("span", { role: "status", class: "muted small" });
  const next = make("button", { type: "button", class: "button button-small" }, say("findNext"));
  const close = make("button", { type: "button", class: "button button-small", "aria-label": say("close") }, symbol(icons, "close"));
  const element = make("div", { class: "grid-find", role: "search", hidden: true },
    make("label", { htmlFor: "grid-find" }, say("findLabel")), input, next, found, close);
  const seek = (backwards) => {
    const count = actions.seek(input.value, backwards);
    found.textContent = input.value ? say(count ? "found" : "foundNone", { count }) : "";
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); seek(event.shiftKey); }
    if (event.key === "Escape") { event.preventDefault(); actions.endFind(); }
  });
  next.addEventListener("click", () => seek(false));
  close.addEventListener("click", () => actions.endFind());
  return { element, input };
}

/** Cells whose words contain the text, from the cursor on; gives {index, column} of the next and how many there are. */
export function findCells(sheet, text, words, from, backwards) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return { count: 0, next: null };
  const width = sheet.columns.length;
  const hits = [];
  sheet.order.forEach((line, index) => sheet.columns.forEach((column, place) => {
    const value = sheet.value(line, column.name);
    if (value !== "" && words(column, value).toLowerCase().includes(wanted)) hits.push(index * width + place);
  }));
  const here = from.index * width + from.column;
  const flat = backwards ? hits.findLast((hit) => hit < here) ?? hits.at(-1) : hits.find((hit) => hit > here) ?? hits[0];
  return { count: hits.length, next: flat === undefined ? null : { index: Math.floor(flat / width), column: flat % width } };
}
