// Beside the grid: the balance of each product and element, in words where it is off, and the list of faults.
import { make } from "../words.js";
import { symbol } from "./toolbar.js";

const SHOWN = 100;
const TOLD = 4; // sentences under a table: the figures beside them say the rest
const SIGNS = { error: "stop", warning: "warning", notice: "info" };

export class Side {
  constructor({ say, icons, columns, onGo }) {
    Object.assign(this, { say, icons, onGo });
    this.labels = new Map(columns.map((column) => [column.name, column.label]));
    this.balances = make("div", { class: "grid-balances" });
    this.faults = make("ul", { class: "faults" });
    this.count = make("p", { class: "grid-fault-count", role: "status" });
    this.summary = make("p", { class: "grid-summary" });
    this.more = make("p", { class: "muted small" });
    this.licences = make("section", { class: "grid-licences", hidden: true });
    this.element = make("aside", { class: "grid-side", "aria-label": say("sideLabel") },
      make("section", {}, make("h2", {}, say("balances")), this.balances, this.licences),
      make("section", {}, make("h2", {}, say("faults")), this.count, this.faults, this.more));
  }

  setBalances({ products = [], elements = [] } = {}) {
    const parts = [];
    if (products.length) parts.push(this.table(this.say("product"), products.map((one) => [one.code, one.in, one.out, one.difference, one.text, one.name])));
    const off = products.filter((one) => one.text);
    if (products.length) parts.push(this.verdict(off));
    if (elements.length) parts.push(make("h3", {}, this.say("elements")),
      this.table(this.say("element"), elements.map((one) => [one.symbol, one.in, one.out, null, one.text, ""])));
    const missing = elements.filter((one) => one.text);
    if (missing.length) parts.push(this.sentences(missing));
    if (!parts.length) parts.push(make("p", { class: "muted small" }, this.say("noBalances")));
    this.balances.replaceChildren(...parts);
    this.summarise(off, products.length);
  }

  /** What the licences named have left, beside what the lines export under them. */
  setLicences(rows = []) {
    this.licences.hidden = rows.length === 0;
    const heads = ["licence", "licenceLeft", "licenceFiled"].map((name, index) => make("th", { scope: "col", class: index ? "number" : "" }, this.say(name)));
    const body = rows.map((row) => make("tr", { class: row.text ? "row-warn" : "" },
      make("th", { scope: "row" }, row.url ? make("a", { href: row.url }, row.label) : row.label),
      make("td", { class: "number" }, row.text || row.left), make("td", { class: "number" }, row.filed)));
    this.licences.replaceChildren(make("h3", {}, this.say("licences")),
      make("table", { class: "table table-dense" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body)));
  }

  /** One line that stays in view above the cells: what is off, in words. */
  summarise(off, all) {
    if (!all) this.summary.replaceChildren();
    else if (!off.length) this.summary.replaceChildren(symbol(this.icons, "done"), this.say("balanced"));
    else {
      const more = off.length > 2 ? ` · ${this.say("andMore", { count: off.length - 2 })}` : "";
      this.summary.replaceChildren(symbol(this.icons, "warning"), off.slice(0, 2).map((one) => one.text).join(" · ") + more);
    }
    this.summary.classList.toggle("grid-summary-off", off.length > 0);
  }

  verdict(off) {
    if (!off.length) return make("p", { class: "grid-even" }, symbol(this.icons, "done"), this.say("balanced"));
    return this.sentences(off);
  }

  sentences(off) {
    const items = off.slice(0, TOLD).map((one) => make("li", { class: "grid-off" }, symbol(this.icons, "warning"), one.text));
    if (off.length > TOLD) items.push(make("li", { class: "muted small" }, this.say("andMore", { count: off.length - TOLD })));
    return make("ul", { class: "grid-offs" }, ...items);
  }

  table(first, rows) {
    const difference = rows.some((row) => row[3] !== null && row[3] !== undefined);
    const heads = [first, this.say("in"), this.say("out"), ...(difference ? [this.say("difference")] : [])];
    const head = make("tr", {}, ...heads.map((words, index) => make("th", { scope: "col", class: index ? "number" : "" }, words)));
    const body = rows.map((row) => make("tr", { class: row[4] ? "row-warn" : "" },
      make("th", { scope: "row", title: row[5] || row[0] }, row[0]),
      ...row.slice(1, difference ? 4 : 3).map((cell) => make("td", { class: "number" }, String(cell ?? "")))));
    return make("table", { class: "table table-dense" }, make("thead", {}, head), make("tbody", {}, ...body));
  }

  setFaults(faults) {
    const count = (severity) => faults.filter((fault) => fault.severity === severity && !fault.explained).length;
    const [errors, warnings] = [count("error"), count("warning")];
    this.count.textContent = faults.length === 0 ? this.say("noFaults") : this.say("faultCount", { errors, warnings, all: faults.length });
    const order = { error: 0, warning: 1, notice: 2 };
    const sorted = [...faults].sort((a, b) => a.explained - b.explained || order[a.severity] - order[b.severity] || (a.line_no ?? 0) - (b.line_no ?? 0));
    this.faults.replaceChildren(...sorted.slice(0, SHOWN).map((fault) => this.item(fault)));
    this.more.textContent = faults.length > SHOWN ? this.say("andMore", { count: faults.length - SHOWN }) : "";
  }

  item(fault) {
    const place = make("p", { class: "fault-place" },
      make("a", { class: "check-code", href: fault.url, target: "_blank", rel: "noopener" }, fault.code));
    if (fault.line_no) {
      const words = this.say("goToLine", { line: fault.line_no });
      const go = make("button", { type: "button", class: "button-link small" }, words);
      go.addEventListener("click", () => this.onGo(fault));
      place.append(" · ", go);
    }
    if (fault.column) place.append(` · ${this.labels.get(fault.column) ?? fault.column}`);
    if (fault.explained) place.append(` · ${this.say("explained")}`);
    return make("li", { class: `fault fault-${fault.severity}` }, symbol(this.icons, SIGNS[fault.severity]),
      make("div", {}, make("p", {}, make("span", { class: "visually-hidden" }, `${this.say(fault.severity)}: `), fault.message), place));
  }
}
