// What the grid must say above itself: another tab, another's changes, what was kept from before, signed out.
import { make } from "../words.js";
import { symbol } from "./toolbar.js";

export class Notices {
  constructor({ say, icons, columns, onDone }) {
    Object.assign(this, { say, icons, onDone });
    this.labels = new Map(columns.map((column) => [column.name, column.label]));
    this.element = make("div", { class: "grid-notices" });
  }

  /** Show a notice of a kind in place of an older one of that kind; buttons [{words, act}], links [{words, url}]. */
  show(kind, words, { tone = "note", list = [], buttons = [], links = [] } = {}) {
    this.hide(kind);
    const icon = { note: "info", warn: "warning", stop: "stop", good: "done" }[tone];
    const body = make("div", { class: "notice-body" }, make("p", {}, words));
    if (list.length) body.append(make("ul", {}, ...list.map((line) => make("li", {}, line))));
    const row = make("p", { class: "row" });
    for (const { words: label, act } of buttons) {
      const button = make("button", { type: "button", class: "button button-small" }, label);
      button.addEventListener("click", () => { this.hide(kind); act(); this.onDone(); });
      row.append(button);
    }
    for (const { words: label, url } of links) row.append(make("a", { href: url, target: "_blank", rel: "noopener" }, label));
    if (row.childNodes.length) body.append(row);
    this.element.append(make("div", { class: `notice notice-${tone}`, role: "alert", "data-kind": kind }, symbol(this.icons, icon), body));
  }

  hide(kind) {
    this.element.querySelectorAll(`[data-kind="${kind}"]`).forEach((older) => older.remove());
  }

  /** Both changed the same: what stands where, and the choice. */
  conflicts(conflicts, settle) {
    const words = (value) => (value === "" ? this.say("blank") : value);
    const list = conflicts.slice(0, 12).map(({ line, column, mine, theirs }) => {
      if (column === null) return this.say(theirs === null ? "deletedThere" : "changedThere", { line });
      return this.say("conflictLine", { line, column: this.labels.get(column) ?? column, mine: words(mine), theirs: words(theirs) });
    });
    if (conflicts.length > list.length) list.push("…");
    this.show("conflict", this.say("conflict"), {
      tone: "warn", list,
      buttons: [
        { words: this.say("keepMine"), act: () => settle(true) },
        { words: this.say("takeTheirs"), act: () => settle(false) },
      ],
    });
  }
}
