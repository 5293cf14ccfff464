// Two wrote at once: what the server holds now, what it held when we last agreed, and what is owed here become one.
// Nothing typed here is dropped; where both changed the same cell the person chooses.

/**
 * @param base    Map line_no -> cells, as last agreed with the server
 * @param theirs  Map line_no -> cells, as the server holds them now
 * @param mine    operations owed
 * @param sent    operations of the last post, whose answer may have been lost
 * @returns {ops, conflicts: [{line, column, mine, theirs}], changed: [line], renumbered: Map old -> new}
 */
export function merge({ base, theirs, mine, sent }) {
  const known = new Map(sent.map((op) => [op.line_no, op]));
  const result = { ops: [], conflicts: [], changed: changedLines(base, theirs, known), renumbered: new Map() };
  let free = Math.max(0, ...base.keys(), ...theirs.keys(), ...mine.map((op) => op.line_no)) + 1;
  for (const op of mine) {
    const now = theirs.get(op.line_no);
    if (op.op === "insert") {
      if (!now) result.ops.push(op);
      else if (cameFromUs(now, known.get(op.line_no))) pushDifference(result, op, now);
      else {
        result.renumbered.set(op.line_no, free);
        result.ops.push({ ...op, line_no: free });
        free += 1;
      }
    } else if (op.op === "delete") mergeDelete(result, op, base.get(op.line_no), now);
    else mergeSet(result, op, base.get(op.line_no) ?? {}, now, known.get(op.line_no));
  }
  return result;
}

function mergeDelete(result, op, before, now) {
  if (!now) return;
  if (!same(before ?? {}, now)) result.conflicts.push({ line: op.line_no, column: null, mine: null, theirs: now });
  result.ops.push(op);
}

function mergeSet(result, op, before, now, ours) {
  if (!now) {
    result.conflicts.push({ line: op.line_no, column: null, mine: op.cells, theirs: null });
    result.ops.push({ op: "insert", line_no: op.line_no, cells: { ...before, ...op.cells } });
    return;
  }
  const cells = {};
  for (const [column, value] of Object.entries(op.cells)) {
    const current = now[column] ?? "";
    if (current === value) continue;
    cells[column] = value;
    const untouched = current === (before[column] ?? "") || current === ours?.cells?.[column];
    if (!untouched) result.conflicts.push({ line: op.line_no, column, mine: value, theirs: current });
  }
  if (Object.keys(cells).length) result.ops.push({ op: "set", line_no: op.line_no, cells });
}

function cameFromUs(now, op) {
  return op?.op === "insert" && same(now, op.cells);
}

function pushDifference(result, op, now) {
  const cells = Object.fromEntries(Object.entries(op.cells).filter(([name, value]) => (now[name] ?? "") !== value));
  if (Object.keys(cells).length) result.ops.push({ op: "set", line_no: op.line_no, cells });
}

/** Lines that differ from what we last agreed and from what we ourselves sent. */
function changedLines(base, theirs, known) {
  const lines = new Set([...base.keys(), ...theirs.keys()]);
  return [...lines].filter((line) => {
    const now = theirs.get(line);
    const op = known.get(line);
    const expected = op && now ? { ...(op.op === "insert" ? {} : base.get(line)), ...op.cells } : base.get(line);
    if (!now || !base.get(line)) return Boolean(now) !== Boolean(base.get(line)) && !(now && op && same(now, expected));
    return !same(base.get(line), now) && !same(expected, now);
  }).sort((a, b) => a - b);
}

/** Whether two lines say the same; an absent cell is an empty one. */
export function same(one, other) {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}
