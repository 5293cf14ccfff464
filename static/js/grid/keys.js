// The keys, as in a spreadsheet. Esc and then Tab leaves the grid, so that nobody is caught in it.

const PAGE = 15;

export function listenToKeys({ view, cursor, editor, clipboard, actions }) {
  view.window.addEventListener("keydown", (event) => {
    if (event.isComposing || !event.target.matches("input")) return;
    const handled = event.ctrlKey || event.metaKey ? withControl(event) : plain(event);
    if (handled) event.preventDefault();
  });

  function withControl(event) {
    const key = event.key.toLowerCase();
    const moving = editor.mode === "move";
    const last = view.length - 1;
    const everywhere = {
      f: () => actions.find(),
      home: () => cursor.go(0, 0, { extend: event.shiftKey }),
      end: () => cursor.go(last, Infinity, { extend: event.shiftKey }),
      s: () => { editor.commit(); actions.save(); },
    };
    const whenMoving = {
      d: () => clipboard.fillDown(),
      z: () => (event.shiftKey ? actions.redo() : actions.undo()),
      y: () => actions.redo(),
      a: () => cursor.choose({ top: 0, bottom: last, left: 0, right: Infinity }),
      "-": () => actions.remove(),
      arrowdown: () => cursor.go(last, cursor.place.column, { extend: event.shiftKey }),
      arrowup: () => cursor.go(0, cursor.place.column, { extend: event.shiftKey }),
      arrowright: () => cursor.go(cursor.place.index, Infinity, { extend: event.shiftKey }),
      arrowleft: () => cursor.go(cursor.place.index, 0, { extend: event.shiftKey }),
      " ": () => cursor.choose({ ...cursor.range, left: 0, right: Infinity }),
    };
    const act = (moving && whenMoving[key]) || (key in everywhere && (moving || key === "s" || key === "f") && everywhere[key]);
    if (act) act();
    return Boolean(act);
  }

  function plain(event) {
    if (event.key === "Tab") return tab(event);
    if (event.key === "Shift") return false; // on the way to Shift+Tab
    cursor.leaving = false;
    if (editor.list.open && editor.mode !== "move" && inList(event)) return true;
    if (event.key === "Enter") return enter(event);
    if (event.key === "Escape") return escape();
    if (event.key === "F2") return f2();
    if (event.altKey && event.key === "ArrowDown") return f2();
    if (editor.mode === "edit") return false;
    return move(event);
  }

  function tab(event) {
    editor.commit();
    if (cursor.leaving) return false;
    return cursor.tab(event.shiftKey);
  }

  function inList(event) {
    if (event.key === "ArrowDown") editor.list.move(1);
    else if (event.key === "ArrowUp") editor.list.move(-1);
    else if (event.key === "Escape" && editor.mode === "edit") editor.list.hide();
    else return false;
    return true;
  }

  function enter(event) {
    if (event.altKey) return false;
    editor.commit();
    cursor.by(event.shiftKey ? -1 : 1, 0);
    return true;
  }

  function escape() {
    if (editor.mode === "move") {
      cursor.leaving = true;
      actions.sayLeaving();
    } else editor.cancel();
    return true;
  }

  function f2() {
    if (editor.mode === "edit") editor.commit();
    else editor.open();
    return true;
  }

  function move(event) {
    const extend = event.shiftKey;
    const steps = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
      PageDown: [PAGE, 0], PageUp: [-PAGE, 0],
    };
    if (event.key in steps) {
      editor.commit();
      cursor.by(...steps[event.key], { extend });
    } else if (event.key === "Home" || event.key === "End") {
      editor.commit();
      cursor.go(cursor.place.index, event.key === "Home" ? 0 : Infinity, { extend });
    } else if ((event.key === "Delete" || event.key === "Backspace") && editor.mode === "move" && !view.readonly) clipboard.clear();
    else return false;
    return true;
  }
}
