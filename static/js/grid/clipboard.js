// Copy, cut, paste, clear and fill down, on the chosen range.
import { understood } from "./choices.js";
import { headOf, readBlock, writeBlock } from "./block.js";

export class Clipboard {
  constructor({ view, sheet, cursor, editor, tell }) {
    Object.assign(this, { view, sheet, cursor, editor, tell });
    view.window.addEventListener("copy", (event) => this.copy(event));
    view.window.addEventListener("cut", (event) => { if (this.copy(event) && !view.readonly) this.clear(); });
    view.window.addEventListener("paste", (event) => this.paste(event));
  }

  cells(range = this.cursor.range) {
    const rows = [];
    for (let index = range.top; index <= range.bottom; index += 1) {
      const line = this.sheet.lineAt(index);
      rows.push(this.sheet.columns.slice(range.left, range.right + 1).map((column) => this.sheet.value(line, column.name)));
    }
    return rows;
  }

  copy(event) {
    if (this.editor.mode !== "move") return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", writeBlock(this.cells()));
    return true;
  }

  paste(event) {
    if (this.view.readonly) return;
    const text = event.clipboardData.getData("text/plain");
    if (this.editor.mode !== "move" && !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    this.editor.cancel();
    if (text !== "") this.put(readBlock(text));
  }

  /** Put a block from the cursor on; one cell fills the whole range; a row of column names says where each belongs. */
  put(block) {
    const head = headOf(block[0], this.sheet.columns);
    const rows = head ? block.slice(1) : block;
    const range = this.cursor.range;
    const width = Math.max(...rows.map((row) => row.length), 0);
    const single = rows.length === 1 && width === 1 && !head;
    const columns = this.sheet.columns;
    const cells = [];
    const place = (index, column, value) => {
      cells.push({ line: this.sheet.lineAt(index), column: columns[column].name, value: understood(columns[column], value) });
    };
    if (single) eachCell(range, (index, column) => place(index, column, rows[0][0]));
    else rows.forEach((row, down) => row.forEach((value, right) => {
      const column = head ? head[right] : range.left + right;
      if (column >= 0 && column < columns.length) place(range.top + down, column, value);
    }));
    this.sheet.edit(cells);
    const beyond = head ? 0 : range.left + width - columns.length;
    this.tell(beyond > 0 ? "pastedBeyond" : "pasted", { lines: rows.length, beyond });
    if (!single) this.cursor.choose({
      top: range.top, bottom: range.top + rows.length - 1,
      left: head ? 0 : range.left, right: head ? columns.length - 1 : Math.min(range.left + width, columns.length) - 1,
    });
  }

  clear() {
    const cells = [];
    eachCell(this.cursor.range, (index, column) => {
      cells.push({ line: this.sheet.lineAt(index), column: this.sheet.columns[column].name, value: "" });
    });
    this.sheet.edit(cells.filter((cell) => this.sheet.rows.has(cell.line)));
  }

  /** The first row of the range into the rest; of a single cell, the cell above into it. */
  fillDown() {
    const range = { ...this.cursor.range };
    if (range.top === range.bottom) range.top -= 1;
    if (range.top < 0) return;
    const from = this.sheet.lineAt(range.top);
    const cells = [];
    eachCell({ ...range, top: range.top + 1 }, (index, column) => {
      const name = this.sheet.columns[column].name;
      cells.push({ line: this.sheet.lineAt(index), column: name, value: this.sheet.value(from, name) });
    });
    this.sheet.edit(cells);
  }
}

function eachCell(range, act) {
  for (let index = range.top; index <= range.bottom; index += 1) {
    for (let column = range.left; column <= range.right; column += 1) act(index, column);
  }
}
