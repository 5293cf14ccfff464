// Drawing: only the lines in sight (and the one with the cursor) exist in the page; ten thousand lines stay quick.
import { make } from "../words.js";
import { shown } from "./choices.js";

const SPARE_ROWS = 8;

export class View {
  constructor({ shell, sheet, say, readonly }) {
    Object.assign(this, { shell, sheet, say, readonly });
    this.rows = new Map();
    this.pool = [];
    this.faults = new Map();
    this.range = null;
    this.active = { index: 0, column: 0 };
    this.build();
  }

  build() {
    const heads = this.sheet.columns.map((column, index) => make(
      "div", { role: "columnheader", class: cellClass(column), "aria-colindex": index + 2 }, headWords(column, this.say)));
    const corner = make("div", { role: "columnheader", class: "grid-rowhead", "aria-colindex": 1 }, this.say("line"));
    const head = make("div", { role: "rowgroup", class: "grid-head" },
      make("div", { role: "row", class: "grid-row", "aria-rowindex": 1 }, corner, ...heads));
    this.body = make("div", { role: "rowgroup", class: "grid-body" });
    this.table = make("div", { role: "presentation", class: "grid-table" }, head, this.body);
    this.window = make("div", {
      role: "grid", class: "grid-window", "aria-label": this.say("gridLabel"), "aria-colcount": this.sheet.columns.length + 1,
      "aria-multiselectable": "true", "aria-readonly": String(this.readonly),
    }, this.table);
    this.head = head;
    this.window.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(this.window);
  }

  /** Lines shown: those that are there, and one more to type into. */
  get length() {
    return this.sheet.size + (this.readonly ? 0 : 1);
  }

  measure() {
    const probe = make("div", { class: "grid-row" }, make("div", { class: "grid-cell" }));
    this.body.append(probe);
    this.rowHeight = probe.getBoundingClientRect().height || 36;
    probe.remove();
  }

  later() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.draw(); });
  }

  /** Draw what is in sight; with ``fresh`` every drawn cell is filled anew. */
  draw(fresh = false) {
    if (!this.rowHeight) this.measure();
    const first = Math.max(0, Math.floor(this.window.scrollTop / this.rowHeight) - SPARE_ROWS);
    const count = Math.ceil(this.window.clientHeight / this.rowHeight) + 2 * SPARE_ROWS;
    const wanted = new Map();
    const want = (index) => { if (index >= 0 && index < this.length) wanted.set(this.sheet.lineAt(index), index); };
    for (let index = first; index < first + count; index += 1) want(index);
    want(this.active.index);
    this.body.style.blockSize = `${this.length * this.rowHeight}px`;
    this.window.setAttribute("aria-rowcount", this.length + 1);
    for (const [line, row] of this.rows) if (!wanted.has(line)) this.drop(line, row);
    const inOrder = [...wanted].sort((a, b) => a[1] - b[1]);
    for (const [line, index] of inOrder) this.place(line, index, fresh);
  }

  drop(line, row) {
    this.rows.delete(line);
    row.element.remove();
    this.pool.push(row);
  }

  place(line, index, fresh) {
    let row = this.rows.get(line);
    if (!row) {
      row = this.pool.pop() ?? this.makeRow();
      row.line = line;
      this.rows.set(line, row);
      const after = [...this.rows.values()].filter((other) => other !== row && other.index > index);
      const next = after.reduce((least, other) => (!least || other.index < least.index ? other : least), null);
      this.body.insertBefore(row.element, next?.element ?? null);
      this.fill(row, index);
    } else if (fresh || row.index !== index) this.fill(row, index);
    row.index = index;
    row.element.style.transform = `translateY(${index * this.rowHeight}px)`;
    this.paint(row);
  }

  makeRow() {
    const head = make("div", { role: "rowheader", class: "grid-rowhead", "aria-colindex": 1 });
    const inputs = this.sheet.columns.map((column, index) => makeInput(column, index, this.readonly));
    const cells = inputs.map((input, index) => make(
      "div", { role: "gridcell", class: cellClass(this.sheet.columns[index]), "aria-colindex": index + 2 }, input));
    const element = make("div", { role: "row", class: "grid-row" }, head, ...cells);
    return { element, head, inputs, cells, line: 0, index: -1 };
  }

  fill(row, index) {
    const fresh = index >= this.sheet.size;
    row.element.setAttribute("aria-rowindex", index + 2);
    row.element.classList.toggle("grid-row-new", fresh);
    row.head.textContent = fresh ? "+" : String(row.line);
    row.head.setAttribute("aria-label", fresh ? this.say("newLine") : this.say("lineNumber", { line: row.line }));
    this.sheet.columns.forEach((column, place) => this.fillCell(row, column, place, fresh));
    this.fillFaults(row.head, this.faults.get(`${row.line}|`), "");
  }

  fillCell(row, column, place, fresh) {
    const input = row.inputs[place];
    if (input !== document.activeElement || !input.dataset.editing) input.value = shown(column, this.sheet.value(row.line, column.name));
    input.setAttribute("aria-label", fresh ? `${column.label}, ${this.say("newLine")}` : this.say("cellLabel", { column: column.label, line: row.line }));
    this.fillFaults(input, this.faults.get(`${row.line}|${column.name}`), input.value);
  }

  /** A fault marks its cell, and is read with it; a value too long for its cell is shown whole on hovering. */
  fillFaults(element, faults, value) {
    const isCell = element.tagName === "INPUT";
    const grave = faults?.some((fault) => fault.severity === "error" && !fault.explained);
    const frame = isCell ? element.parentElement : element;
    frame.classList.toggle("grid-error", Boolean(grave));
    frame.classList.toggle("grid-warning", Boolean(faults) && !grave);
    const words = faults?.map((fault) => `${fault.code}: ${fault.message}`).join("\n") ?? "";
    if (words) element.title = words;
    else if (value.length > 12) element.title = value;
    else element.removeAttribute("title");
    if (!isCell) return;
    if (faults) element.setAttribute("aria-invalid", grave ? "true" : "false");
    else element.removeAttribute("aria-invalid");
    if (words) element.setAttribute("aria-description", words);
    else element.removeAttribute("aria-description");
  }

  /** The chosen range, and where the cursor is. */
  paint(row) {
    const range = this.range;
    const inRows = range && row.index >= range.top && row.index <= range.bottom;
    row.cells.forEach((cell, place) => {
      const picked = Boolean(inRows && place >= range.left && place <= range.right);
      cell.classList.toggle("grid-picked", picked);
      cell.setAttribute("aria-selected", String(picked));
      const here = row.index === this.active.index && place === this.active.column;
      row.inputs[place].tabIndex = here ? 0 : -1;
    });
    row.element.classList.toggle("grid-row-active", row.index === this.active.index);
  }

  setFaults(faults) {
    this.faults = new Map();
    for (const fault of faults) {
      if (!fault.line_no) continue;
      const key = `${fault.line_no}|${fault.column ?? ""}`;
      if (!this.faults.has(key)) this.faults.set(key, []);
      this.faults.get(key).push(fault);
    }
    this.draw(true);
  }

  /** Bring a cell into sight. */
  reveal({ index, column }) {
    const top = index * this.rowHeight;
    const headHeight = this.head.offsetHeight;
    const room = this.window.clientHeight - headHeight;
    if (top < this.window.scrollTop) this.window.scrollTop = top;
    else if (top + this.rowHeight > this.window.scrollTop + room) this.window.scrollTop = top + this.rowHeight - room;
    const cell = this.head.querySelector(`[aria-colindex="${column + 2}"]`);
    const stuck = this.head.querySelector(".grid-rowhead").offsetWidth;
    const left = cell.offsetLeft;
    if (left - stuck < this.window.scrollLeft) this.window.scrollLeft = left - stuck;
    else if (left + cell.offsetWidth > this.window.scrollLeft + this.window.clientWidth) {
      this.window.scrollLeft = left + cell.offsetWidth - this.window.clientWidth;
    }
  }

  inputAt({ index, column }) {
    return this.rows.get(this.sheet.lineAt(index))?.inputs[column] ?? null;
  }

  /** Which cell an element stands in. */
  placeOf(element) {
    const rowElement = element.closest?.(".grid-body .grid-row");
    const row = rowElement && [...this.rows.values()].find((one) => one.element === rowElement);
    if (!row) return null;
    const cell = element.closest("[role=gridcell]");
    return { index: row.index, column: cell ? row.cells.indexOf(cell) : -1, line: row.line };
  }
}

function makeInput(column, index, readonly) {
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: false, readOnly: readonly, tabIndex: -1 });
  input.dataset.column = index;
  if (column.type === "number") input.inputMode = "decimal";
  if (column.type === "date") input.placeholder = "";
  if (column.type === "choice" && !readonly) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", "grid-choices");
    input.setAttribute("aria-autocomplete", "list");
  }
  if (column.required) input.setAttribute("aria-required", "true");
  return input;
}

function cellClass(column) {
  return `grid-cell grid-${column.type} grid-col-${column.name.replaceAll("_", "-")}`;
}

function headWords(column, say) {
  const words = make("span", {}, column.label);
  if (column.required) words.append(" ", make("abbr", { title: say("required") }, "*"));
  return words;
}
