// The cursor: where one is, the range that is chosen, and the keys that move them. Two modes: "move", where keys go from
// cell to cell and typing replaces; "edit" (F2, double click), where they move in the text. Typing itself is "type".

export class Cursor {
  constructor({ view, sheet, editor }) {
    Object.assign(this, { view, sheet, editor });
    this.anchor = null;
    this.leaving = false;
    view.window.addEventListener("focusin", (event) => this.onFocus(event));
    view.window.addEventListener("mousedown", (event) => this.onPress(event));
    view.window.addEventListener("mousemove", (event) => this.onDrag(event));
    document.addEventListener("mouseup", () => { this.dragging = false; view.window.classList.remove("grid-dragging"); });
  }

  get place() {
    return this.view.active;
  }

  /** The chosen cells; the cursor's own cell where nothing more is chosen. */
  get range() {
    const { index, column } = this.place;
    return this.view.range ?? { top: index, bottom: index, left: column, right: column };
  }

  /** The line numbers of the chosen rows that are there. */
  get lines() {
    const { top, bottom } = this.range;
    return this.sheet.order.slice(top, bottom + 1);
  }

  go(index, column, { extend = false } = {}) {
    const to = {
      index: Math.max(0, Math.min(index, this.view.length - 1)),
      column: Math.max(0, Math.min(column, this.sheet.columns.length - 1)),
    };
    if (extend) this.anchor ??= { ...this.place };
    else this.anchor = null;
    this.view.active = to;
    this.view.range = this.anchor ? span(this.anchor, to) : null;
    this.view.reveal(to);
    this.view.draw();
    const input = this.view.inputAt(to);
    input?.focus({ preventScroll: true });
    input?.select();
  }

  by(rows, columns, options) {
    this.go(this.place.index + rows, this.place.column + columns, options);
  }

  /** Tab: to the next cell, over the end of the line to the next line; false at the ends of the sheet. */
  tab(backwards) {
    const width = this.sheet.columns.length;
    const flat = this.place.index * width + this.place.column + (backwards ? -1 : 1);
    if (flat < 0 || flat >= this.view.length * width) return false;
    this.go(Math.floor(flat / width), flat % width);
    return true;
  }

  choose(range) {
    this.anchor = { index: range.top, column: range.left };
    this.view.range = range;
    this.view.draw();
  }

  onFocus(event) {
    const place = this.view.placeOf(event.target);
    if (!place || place.column < 0) return;
    const moved = place.index !== this.place.index || place.column !== this.place.column;
    if (moved) {
      this.view.active = { index: place.index, column: place.column };
      if (!this.dragging) {
        this.anchor = null;
        this.view.range = null;
      }
      this.view.draw();
    }
    this.leaving = false;
  }

  onPress(event) {
    const place = this.view.placeOf(event.target);
    if (!place || event.button !== 0) return;
    if (place.column < 0) {
      event.preventDefault();
      this.editor.commit();
      const top = event.shiftKey ? Math.min(this.range.top, place.index) : place.index;
      const bottom = event.shiftKey ? Math.max(this.range.bottom, place.index) : place.index;
      this.go(place.index, 0);
      this.choose({ top, bottom, left: 0, right: this.sheet.columns.length - 1 });
      return;
    }
    const here = place.index === this.place.index && place.column === this.place.column;
    if (here && document.activeElement === event.target) {
      this.editor.begin("edit");
      return;
    }
    event.preventDefault();
    this.editor.commit();
    this.go(place.index, place.column, { extend: event.shiftKey });
    this.dragging = true;
  }

  onDrag(event) {
    if (!this.dragging || event.buttons !== 1) return;
    const place = this.view.placeOf(event.target);
    if (!place || place.column < 0) return;
    if (place.index === this.place.index && place.column === this.place.column && !this.view.range) return;
    event.preventDefault();
    this.view.window.classList.add("grid-dragging");
    this.anchor ??= { ...this.place };
    this.view.range = span(this.anchor, place);
    this.view.draw();
  }
}

function span(one, other) {
  return {
    top: Math.min(one.index, other.index), bottom: Math.max(one.index, other.index),
    left: Math.min(one.column, other.column), right: Math.max(one.column, other.column),
  };
}
