// Blocks of cells as text: what spreadsheets put on the clipboard (tabs, quotes round cells with line breaks in them).

/** Read a block; gives rows of cells. */
export function readBlock(text) {
  const rows = [[]];
  let cell = "";
  let at = 0;
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (at < plain.length) {
    const sign = plain[at];
    if (quoted) {
      if (sign === '"' && plain[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "" && closes(plain, at)) quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (sign === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
    else cell += sign;
    at += 1;
  }
  rows.at(-1).push(cell);
  return rows;
}

// A quote opens a quoted cell only if one closes it before a tab, a line's or the text's end: 5" pipe stays as it is.
function closes(text, at) {
  for (let place = at + 1; place < text.length; place += 1) {
    if (text[place] !== '"') continue;
    if (text[place + 1] === '"') { place += 1; continue; }
    const next = text[place + 1];
    return next === undefined || next === "\t" || next === "\n";
  }
  return false;
}

/** Write a block as text that spreadsheets read. */
export function writeBlock(rows) {
  const quote = (cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quote).join("\t")).join("\r\n");
}

/** Where a block's first row names the columns: their places, by name or by words; else null. */
export function headOf(row, columns) {
  const places = row.map((cell) => {
    const wanted = cell.trim().toLowerCase();
    return columns.findIndex((column) => column.name === wanted || column.label.toLowerCase() === wanted);
  });
  const named = places.filter((place) => place >= 0).length;
  const filled = row.filter((cell) => cell.trim() !== "").length;
  return named >= 2 && named === filled ? places : null;
}
