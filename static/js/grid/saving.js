// Saving by itself: what is typed goes to this browser's store at once, to the server a moment later, and leaves the
// store when the server has acknowledged it. A failure is tried again, later and later, and said.
import { csrfToken } from "../words.js";
import { merge } from "./merge.js";
import { Pending, perform } from "./pending.js";

const PAUSE = 900;
const WAITS = [2, 4, 8, 15, 30, 60];
const AT_ONCE = 4000;

export class Saver extends EventTarget {
  constructor({ url, sheet, store, client }) {
    super();
    Object.assign(this, { url, sheet, store, client });
    this.pending = new Pending(sheet.columns.map((column) => column.name));
    this.agreed = new Map();
    this.sent = [];
    this.revision = 0;
    this.failures = 0;
    this.busy = false;
    this.paused = false;
    this.timer = 0;
    sheet.addEventListener("change", (event) => this.owe(event.detail.changes));
    window.addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.soon(0); });
  }

  /** Begin from what the server gave. */
  begin({ revision, lines }) {
    this.revision = revision;
    this.agreed = new Map(lines.map((line) => [line.line_no, { ...line.cells }]));
  }

  get unsaved() {
    return this.pending.size + this.sent.length;
  }

  owe(changes) {
    if (this.quiet) return;
    this.pending.fold(changes);
    this.keep();
    this.soon(this.failures ? null : PAUSE);
  }

  keep() {
    const owed = new Pending(this.pending.columnNames);
    owed.restore([...this.sent, ...this.pending.list()]);
    this.store.write({ revision: this.revision, ops: owed.list() });
    this.dispatchEvent(new CustomEvent("kept", { detail: owed.size }));
  }

  /** Try in ``delay`` ms; null leaves a try that is already set. */
  soon(delay) {
    if (delay === null && this.timer) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = 0; this.send(); }, delay ?? PAUSE);
  }

  async send() {
    if (this.busy || this.paused || this.pending.size === 0) return;
    this.busy = true;
    this.sent = this.pending.take(AT_ONCE);
    this.say("saving");
    const answer = await this.post(this.sent);
    if (answer.ok && !answer.redirected) await this.acknowledge(await answer.json());
    else await this.fail(answer);
    this.busy = false;
  }

  async post(ops) {
    try {
      return await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body: JSON.stringify({ revision: this.revision, client: this.client, ops }),
      });
    } catch {
      return { ok: false, status: 0 };
    }
  }

  async acknowledge(answer) {
    perform(this.agreed, this.sent);
    this.sent = [];
    this.revision = answer.revision;
    this.failures = 0;
    this.keep();
    if (Object.entries(answer.line_nos ?? {}).some(([asked, given]) => Number(asked) !== given)) await this.renew();
    this.say("saved", answer);
    if (this.pending.size) this.soon(PAUSE);
  }

  async fail(answer) {
    const signedOut = answer.status === 401 || answer.status === 403 || answer.redirected;
    if (answer.status === 409) {
      await this.reconcile(await answer.json().catch(() => ({})));
      return;
    }
    this.pending.restore(this.sent);
    this.sent = [];
    this.keep();
    if (signedOut) {
      this.paused = true;
      this.say("signedOut");
    } else if (answer.status === 400 || answer.status === 413 || answer.status === 422) {
      this.paused = true;
      this.say("refused", await answer.json().catch(() => ({})));
    } else {
      const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
      this.failures += 1;
      this.soon(wait * 1000);
      this.say("failed", { wait });
    }
  }

  /** Somebody, or another tab, wrote meanwhile: put ours on top of theirs; stop where the person must choose. */
  async reconcile(answer) {
    if (answer.code !== "stale") {
      this.pending.restore(this.sent);
      this.sent = [];
      this.paused = true;
      this.say("refused", answer);
      return;
    }
    const now = answer.lines ? answer : await this.fetchLines();
    const theirs = new Map(now.lines.map((line) => [line.line_no, { ...line.cells }]));
    const sent = this.sent;
    this.pending.restore(sent);
    this.sent = [];
    const merged = merge({ base: this.agreed, theirs, mine: this.pending.list(), sent });
    this.adopt(now.revision, theirs, merged.ops);
    this.paused = merged.conflicts.length > 0;
    this.say("merged", merged);
    if (!this.paused) this.soon(0);
  }

  /** Show the lines as the server has them, ours on top. */
  async renew() {
    const now = await this.fetchLines();
    this.adopt(now.revision, new Map(now.lines.map((line) => [line.line_no, { ...line.cells }])), this.pending.list());
  }

  async fetchLines() {
    const answer = await fetch(this.url, { headers: { Accept: "application/json" } });
    return answer.json();
  }

  /** Show the server's lines with the operations on top; those operations are what is owed. */
  adopt(revision, theirs, ops) {
    this.revision = revision;
    this.agreed = theirs;
    this.pending.ops = new Map(ops.map((op) => [op.line_no, op]));
    const shown = new Map([...theirs].map(([line, cells]) => [line, { ...cells }]));
    perform(shown, ops);
    this.quiet = true;
    this.sheet.load([...shown].map(([line_no, cells]) => ({ line_no, cells })));
    this.quiet = false;
    this.keep();
    this.dispatchEvent(new Event("reloaded"));
  }

  /** The person chose: keep ours everywhere, or take theirs where both changed. */
  settle(conflicts, keepMine) {
    if (!keepMine) {
      for (const { line, column } of conflicts) {
        const op = this.pending.ops.get(line);
        if (op && column !== null && op.cells) delete op.cells[column];
        if (op && (column === null || Object.keys(op.cells ?? {}).length === 0)) this.pending.ops.delete(line);
      }
      this.adopt(this.revision, this.agreed, this.pending.list());
    }
    this.resume();
  }

  resume() {
    this.paused = false;
    this.soon(0);
    if (this.unsaved === 0) this.say("saved", {});
  }

  say(state, detail = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...detail } }));
  }
}
