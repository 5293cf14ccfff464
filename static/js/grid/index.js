// The filing grid. It takes the place of the form that the server drew; without script that form stays.
//
// Markup contract:
//   <section data-grid                         the shell; everything in it that is marked data-grid-fallback is replaced
//            data-lines-url="…"                GET gives columns, lines, faults, balances; POST takes operations
//            data-key="filing-12-user-5"       names the browser's store; differs by filing, version and person
//            data-icons="…/icons.svg"          the sprite
//            data-sign-in-url="…"              where one signs in again
//            data-readonly>                    present: to look at, not to type in
//     <form data-grid-fallback>…</form>        labelled inputs, works without script
//   </section>
//   <script type="application/json" id="grid-columns">[…]</script>   optional: columns, if the GET does not give them
//   {% include "components/_grid_words.html" %}                      the words
//
// The shell tells the page what happens: events "grid:saved" and "grid:faults" (detail: the server's answer);
// data-unsaved counts the lines that the server has not acknowledged.
import { words } from "../words.js";
import { prepare, shown } from "./choices.js";
import { Clipboard } from "./clipboard.js";
import { Cursor } from "./cursor.js";
import { Editor } from "./editor.js";
import { listenToKeys } from "./keys.js";
import { merge } from "./merge.js";
import { Notices } from "./notices.js";
import { Saver } from "./saving.js";
import { Sheet } from "./sheet.js";
import { Side } from "./side.js";
import { Store, Turn } from "./store.js";
import { Toolbar, findCells } from "./toolbar.js";
import { View } from "./view.js";
import { TIME, report } from "./reporting.js";

const vocabulary = document.getElementById("grid-words")?.dataset ?? {};
const say = (name, values) => words(name, values, vocabulary);

async function start(shell) {
  const answer = await fetch(shell.dataset.linesUrl, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const first = await answer.json();
  const given = document.getElementById("grid-columns")?.textContent;
  const columns = prepare(first.columns ?? JSON.parse(given));
  const readonly = "readonly" in shell.dataset;
  const icons = shell.dataset.icons;

  const sheet = new Sheet(columns);
  const view = new View({ shell, sheet, say, readonly });
  const editor = new Editor({ view, sheet, shell });
  const cursor = new Cursor({ view, sheet, editor });
  const store = new Store(shell.dataset.key);
  const saver = new Saver({ url: shell.dataset.linesUrl, sheet, store, client: crypto.randomUUID?.() ?? String(Date.now()) });
  const notices = new Notices({ say, icons, columns, onDone: () => cursor.go(cursor.place.index, cursor.place.column) });
  const grid = { shell, sheet, view, editor, cursor, store, saver, notices, say, readonly };
  const tell = (name, values) => toolbar.setState(say(name, values), "note", "info");
  const clipboard = new Clipboard({ view, sheet, cursor, editor, tell });
  const actions = actionsOf(grid, clipboard, () => toolbar);
  const toolbar = new Toolbar({ say, icons, actions, readonly });
  const side = new Side({ say, icons, columns, onGo: (fault) => goTo(grid, fault) });
  Object.assign(grid, { toolbar, side });

  listenToKeys({ view, cursor, editor, clipboard, actions });
  sheet.addEventListener("change", () => { view.draw(true); toolbar.setHistory(sheet); });
  saver.addEventListener("reloaded", () => { view.draw(true); toolbar.setHistory(sheet); });
  report(grid);

  sheet.load(first.lines);
  saver.begin(first);
  show(grid);
  grid.receive(first);
  toolbar.setHistory(sheet);
  if (!readonly) takeTurn(grid);
}

function show({ shell, notices, toolbar, view, side }) {
  shell.querySelectorAll("[data-grid-fallback]").forEach((old) => old.remove());
  const main = document.createElement("div");
  main.className = "grid-main";
  main.append(view.window, side.element);
  shell.prepend(notices.element, toolbar.element, toolbar.find.element, side.summary, main);
  shell.classList.add("grid-shell");
  view.draw();
}

function actionsOf(grid, clipboard, toolbarOf) {
  const { sheet, view, cursor, editor, saver, say } = grid;
  const goLast = (line) => cursor.go(sheet.indexOf(line), 0);
  return {
    add() { editor.commit(); cursor.go(view.length - 1, 0); },
    duplicate() {
      editor.commit();
      const copies = cursor.lines.map((line) => ({ ...sheet.rows.get(line) }));
      if (copies.length) goLast(sheet.add(copies)[0]);
    },
    remove() {
      editor.cancel();
      const lines = cursor.lines;
      if (!lines.length) return;
      const { top } = cursor.range;
      sheet.remove(lines);
      cursor.go(Math.min(top, view.length - 1), cursor.place.column);
      toolbarOf().setState(say(lines.length === 1 ? "deletedOne" : "deletedMany", { count: lines.length }), "note", "undo");
    },
    fillDown() { editor.commit(); clipboard.fillDown(); },
    undo() { editor.cancel(); follow(grid, sheet.undo()); },
    redo() { editor.cancel(); follow(grid, sheet.redo()); },
    save() { saver.soon(0); },
    sayLeaving() { toolbarOf().setState(say("leaving"), "note", "info"); },
    find() { editor.commit(); toolbarOf().find.element.hidden = false; toolbarOf().find.input.select(); },
    endFind() { toolbarOf().find.element.hidden = true; cursor.go(cursor.place.index, cursor.place.column); },
    seek(text, backwards) {
      const { count, next } = findCells(sheet, text, shown, cursor.place, backwards);
      if (next) {
        const field = document.activeElement;
        cursor.go(next.index, next.column);
        view.range = { top: next.index, bottom: next.index, left: next.column, right: next.column };
        view.draw();
        field?.focus({ preventScroll: true });
      }
      return count;
    },
  };
}

function follow({ sheet, cursor }, changes) {
  const change = changes.at(-1);
  if (!change) return;
  const column = sheet.columns.findIndex((one) => one.name === change.column);
  cursor.go(sheet.indexOf(change.line), column < 0 ? cursor.place.column : column);
}

function goTo({ sheet, cursor }, fault) {
  const column = sheet.columns.findIndex((one) => one.name === fault.column);
  cursor.go(sheet.indexOf(fault.line_no), Math.max(0, column));
}

/** Only one tab types. What an earlier visit left unsaved is put back on top of the lines. */
function takeTurn(grid) {
  const { shell, saver, store, notices, say, view } = grid;
  const lock = (locked) => {
    view.readonly = locked;
    shell.classList.toggle("grid-locked", locked);
    view.rows.forEach((row) => row.inputs.forEach((input) => { input.readOnly = locked; }));
    view.pool.length = 0;
    view.draw(true);
  };
  let before = false;
  const turn = new Turn(shell.dataset.key, {
    async onGain() {
      notices.hide("tab");
      if (before) await saver.renew();
      before = true;
      lock(false);
      restore(grid, store.read());
    },
    onLose() {
      before = true;
      lock(true);
      notices.show("tab", say("otherTab"), { tone: "warn", buttons: [{ words: say("typeHere"), act: () => turn.take() }] });
    },
  });
  turn.onLeave(() => { grid.editor.commit(); saver.soon(0); });
  turn.ask();
}

function restore({ saver, notices, say }, kept) {
  if (!kept?.ops?.length || saver.unsaved) return;
  const merged = merge({ base: saver.agreed, theirs: saver.agreed, mine: kept.ops, sent: kept.ops });
  saver.adopt(saver.revision, saver.agreed, merged.ops);
  if (!merged.ops.length) return;
  const time = new Date(kept.at).toLocaleTimeString(document.documentElement.lang, TIME);
  notices.show("kept", say("keptFromBefore", { count: merged.ops.length, time }), {
    buttons: [
      { words: say("keepThem"), act: () => saver.soon(0) },
      { words: say("dropThem"), act: () => saver.adopt(saver.revision, saver.agreed, []) },
    ],
  });
}

document.querySelectorAll("[data-grid]").forEach(start);
