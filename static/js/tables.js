// What a reader wants to see of a wide list: which columns, how close the rows. Kept on this machine, list by list.
import { all, make, once, words } from "./words.js";

const FEWEST = 5; // columns; a narrower table shows all it has

export function startTables(root) {
  // what is signed or compared stands in dense tables, which always show everything
  all(root, ".table-wrap > .table-cards:not(.table-dense)").forEach((table) => {
    if (heads(table).length >= FEWEST && once(table, "Columns")) offer(table);
  });
}

const heads = (table) => [...(table.tHead?.rows[0]?.cells ?? [])];
const place = () => `table ${location.pathname.replace(/\d+/g, "#")}`;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(place())) ?? {};
  } catch {
    return {};
  }
}

function keep(choice) {
  try {
    localStorage.setItem(place(), JSON.stringify(choice));
  } catch {
    // a browser that keeps nothing shows the choice until the page is left
  }
}

/** The columns that may go: not the one that names a row, nor those that select it or act on it. */
function optional(table) {
  const named = heads(table)
    .map((head, at) => ({ at, name: head.textContent.trim(), plain: !head.matches(".select") && !head.querySelector(".visually-hidden") }))
    .filter((column) => column.plain && column.name);
  return named.slice(1);
}

function show(table, choice) {
  const gone = new Set(choice.hidden ?? []);
  for (const row of table.rows) {
    [...row.cells].forEach((cell, at) => { cell.hidden = gone.has(at); });
  }
  table.classList.toggle("table-close", choice.close === true);
}

function offer(table) {
  const choice = kept();
  const columns = optional(table);
  choice.hidden = (choice.hidden ?? []).filter((at) => columns.some((column) => column.at === at));

  const box = (label, checked, changed) => {
    const input = make("input", { type: "checkbox", checked });
    input.addEventListener("change", () => {
      changed(input.checked);
      keep(choice);
      show(table, choice);
    });
    return make("label", { class: "choice" }, input, make("span", {}, label));
  };
  const boxes = columns.map(({ at, name }) => box(name, !choice.hidden.includes(at), (wanted) => {
    choice.hidden = wanted ? choice.hidden.filter((one) => one !== at) : [...choice.hidden, at];
  }));
  const close = box(words("rowsClose"), choice.close === true, (wanted) => { choice.close = wanted; });
  const body = make("div", { class: "details-body table-choices" },
    make("fieldset", {}, make("legend", {}, words("columns")), ...boxes),
    make("fieldset", {}, make("legend", {}, words("rows")), close));
  const panel = make("details", { class: "details table-options no-print" }, make("summary", {}, words("columnsAndRows")), body);
  table.parentElement.before(panel);
  show(table, choice);
}
