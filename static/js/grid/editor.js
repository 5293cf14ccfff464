// Editing one cell: what is typed is kept on the way, Esc brings back what stood there.
import { ChoiceList, shown, understood } from "./choices.js";

const KEEP_AFTER = 1500;

export class Editor {
  constructor({ view, sheet, shell }) {
    Object.assign(this, { view, sheet });
    this.mode = "move";
    this.original = "";
    this.list = new ChoiceList(shell, (choice) => this.pick(choice));
    view.window.addEventListener("input", (event) => this.onInput(event));
    view.window.addEventListener("dblclick", (event) => { if (event.target.matches("input")) this.open(); });
    view.window.addEventListener("focusout", (event) => { if (event.target.dataset.editing) this.commit(); });
    view.window.addEventListener("scroll", () => this.list.hide(), { passive: true });
    window.addEventListener("pagehide", () => this.commit());
  }

  get input() {
    return this.view.inputAt(this.view.active);
  }

  get column() {
    return this.sheet.columns[this.view.active.column];
  }

  get line() {
    return this.sheet.lineAt(this.view.active.index);
  }

  begin(mode) {
    if (this.view.readonly) return;
    if (this.mode === "move") {
      this.original = this.sheet.value(this.line, this.column.name);
      this.place = { line: this.line, column: this.column, input: this.input };
    }
    this.mode = mode;
    this.place.input.dataset.editing = "1";
    this.view.window.classList.add("grid-editing");
  }

  /** F2: the cursor goes into the text. */
  open() {
    this.begin("edit");
    if (this.view.readonly) return;
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    if (this.column.type === "choice") this.list.show(this.input, this.column, this.input.value, false);
  }

  onInput(event) {
    if (this.mode === "move") this.begin("type");
    const input = event.target;
    if (this.column.type === "choice") this.list.show(input, this.column, input.value, true);
    else {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), KEEP_AFTER);
    }
  }

  keep() {
    if (this.mode === "move") return;
    const { line, column, input } = this.place;
    this.sheet.edit([{ line, column: column.name, value: understood(column, input.value) }]);
  }

  pick(choice) {
    const { line, column } = this.place ?? { line: this.line, column: this.column };
    this.finish();
    this.sheet.edit([{ line, column: column.name, value: choice.value }]);
    this.show();
  }

  /** Take what was typed (the marked choice where the list is open) and go back to moving. */
  commit() {
    if (this.mode === "move") return;
    const marked = this.list.marked;
    const { line, column, input } = this.place;
    const value = marked && (this.list.moved || input.value.trim()) ? marked.value : understood(column, input.value);
    this.finish();
    this.sheet.edit([{ line, column: column.name, value }]);
    input.value = shown(column, this.sheet.value(line, column.name));
  }

  cancel() {
    if (this.mode === "move") return;
    const { line, column, input } = this.place;
    this.finish();
    if (this.sheet.rows.has(line)) this.sheet.edit([{ line, column: column.name, value: this.original }]);
    input.value = shown(column, this.sheet.value(line, column.name));
    input.select();
  }

  finish() {
    clearTimeout(this.timer);
    this.mode = "move";
    delete this.place.input.dataset.editing;
    this.view.window.classList.remove("grid-editing");
    this.list.hide();
  }

  show() {
    this.view.draw(true);
    this.input?.focus({ preventScroll: true });
    this.input?.select();
  }
}
