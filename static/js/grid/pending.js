// What was typed and not yet acknowledged: at most one operation a line, in the form the server takes.

export class Pending {
  constructor(columnNames) {
    this.columnNames = columnNames;
    this.ops = new Map();
  }

  get size() {
    return this.ops.size;
  }

  /** Fold the changes of the sheet into the operations owed. */
  fold(changes) {
    for (const change of changes) {
      if (change.type === "set") this.put({ op: "set", line_no: change.line, cells: { [change.column]: change.after } });
      else if (change.type === "insert") this.put({ op: "insert", line_no: change.line, cells: { ...change.cells } });
      else this.put({ op: "delete", line_no: change.line });
    }
  }

  /** Add one operation after those already owed. */
  put(op) {
    const owed = this.ops.get(op.line_no);
    if (!owed) this.ops.set(op.line_no, copy(op));
    else if (op.op === "delete") {
      if (owed.op === "insert") this.ops.delete(op.line_no);
      else this.ops.set(op.line_no, copy(op));
    } else if (op.op === "insert") {
      // taken out and put back before it was sent: the server still has the line, so all its cells are set
      const blank = Object.fromEntries(this.columnNames.map((name) => [name, ""]));
      this.ops.set(op.line_no, { op: "set", line_no: op.line_no, cells: { ...blank, ...op.cells } });
    } else Object.assign(owed.cells, op.cells);
  }

  /** Hand over up to ``limit`` operations; they are no longer owed here. */
  take(limit) {
    const taken = [...this.ops.values()].slice(0, limit);
    for (const op of taken) this.ops.delete(op.line_no);
    return taken;
  }

  /** Put back what could not be sent, below what was typed since. */
  restore(ops) {
    const later = [...this.ops.values()];
    this.ops = new Map();
    for (const op of [...ops, ...later]) this.put(op);
  }

  list() {
    return [...this.ops.values()].map(copy);
  }
}

function copy(op) {
  return op.cells ? { ...op, cells: { ...op.cells } } : { ...op };
}

/** Do operations to a map of lines (what the server holds after it acknowledged them). */
export function perform(lines, ops) {
  for (const op of ops) {
    if (op.op === "delete") lines.delete(op.line_no);
    else lines.set(op.line_no, { ...(op.op === "set" ? lines.get(op.line_no) : {}), ...op.cells });
  }
}
