// The sheet: lines and their cells in memory, every change undoable. Knows nothing of the page or the server.
// A change is {type: "set", line, column, before, after} or {type: "insert" | "delete", line, cells}.

const HISTORY = 500;

export class Sheet extends EventTarget {
  constructor(columns) {
    super();
    this.columns = columns;
    this.rows = new Map();
    this.order = [];
    this.done = [];
    this.undone = [];
    this.next = 1;
  }

  /** Take the lines as they are now; forgets the history. */
  load(lines) {
    this.rows = new Map(lines.map((line) => [line.line_no, { ...line.cells }]));
    this.done = [];
    this.undone = [];
    this.sort();
  }

  sort() {
    this.order = [...this.rows.keys()].sort((a, b) => a - b);
    this.next = Math.max(this.next, (this.order.at(-1) ?? 0) + 1);
  }

  get size() {
    return this.order.length;
  }

  /** The line number shown at a place; the place after the last is the line that typing would make. */
  lineAt(index) {
    return index < this.order.length ? this.order[index] : this.next + index - this.order.length;
  }

  /** The place of a line; the end for one that is not there. */
  indexOf(line) {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order[middle] < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  value(line, column) {
    return this.rows.get(line)?.[column] ?? "";
  }

  /** Set cells, [{line, column, value}]; lines that are not there yet are made. One step of the history. */
  edit(cells) {
    const changes = [];
    const fresh = new Map();
    for (const { line, column, value } of cells) {
      if (this.rows.has(line)) {
        const before = this.value(line, column);
        if (before !== value) changes.push({ type: "set", line, column, before, after: value });
      } else if (value !== "" || fresh.has(line)) {
        if (!fresh.has(line)) fresh.set(line, {});
        fresh.get(line)[column] = value;
      }
    }
    for (const [line, made] of fresh) changes.push({ type: "insert", line, cells: made });
    return this.commit(changes);
  }

  /** Add lines at the end; gives their numbers. */
  add(many) {
    const first = this.next;
    this.commit(many.map((cells, index) => ({ type: "insert", line: first + index, cells: { ...cells } })));
    return many.map((_, index) => first + index);
  }

  remove(lines) {
    const there = lines.filter((line) => this.rows.has(line));
    return this.commit(there.map((line) => ({ type: "delete", line, cells: { ...this.rows.get(line) } })));
  }

  commit(changes) {
    if (changes.length === 0) return changes;
    this.done.push(changes);
    if (this.done.length > HISTORY) this.done.shift();
    this.undone = [];
    this.apply(changes);
    return changes;
  }

  undo() {
    const changes = this.done.pop();
    if (!changes) return [];
    this.undone.push(changes);
    const inverse = [...changes].reverse().map(inverted);
    this.apply(inverse);
    return inverse;
  }

  redo() {
    const changes = this.undone.pop();
    if (!changes) return [];
    this.done.push(changes);
    this.apply(changes);
    return changes;
  }

  apply(changes) {
    let moved = false;
    for (const change of changes) {
      if (change.type === "set") this.rows.get(change.line)[change.column] = change.after;
      else {
        moved = true;
        if (change.type === "insert") this.rows.set(change.line, { ...change.cells });
        else this.rows.delete(change.line);
      }
    }
    if (moved) this.sort();
    this.dispatchEvent(new CustomEvent("change", { detail: { changes, moved } }));
  }
}

function inverted(change) {
  if (change.type === "set") return { ...change, before: change.after, after: change.before };
  return { ...change, type: change.type === "insert" ? "delete" : "insert" };
}
