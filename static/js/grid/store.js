// What is not yet acknowledged lives in this browser, under the filing's and the person's key; and only one tab writes.

const PREFIX = "lodestone-unsaved:";

export class Store {
  constructor(key) {
    this.key = PREFIX + key;
    this.works = true;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  write({ revision, ops }) {
    try {
      if (ops.length) localStorage.setItem(this.key, JSON.stringify({ revision, ops, at: new Date().toISOString() }));
      else localStorage.removeItem(this.key);
      this.works = true;
    } catch {
      this.works = false; // the store is full or forbidden: the page still holds everything, and asks before it is left
    }
  }

  clear() {
    localStorage.removeItem(this.key);
  }
}

/**
 * One tab writes. ``onGain`` is called when this tab may write, ``onLose`` when another has taken over.
 * Where the browser has no locks, every tab writes and the server's revision catches what collides.
 */
export class Turn {
  constructor(key, { onGain, onLose }) {
    Object.assign(this, { name: PREFIX + key, onGain, onLose, channel: null });
    if ("BroadcastChannel" in window) this.channel = new BroadcastChannel(this.name);
  }

  ask() {
    this.request({ ifAvailable: true });
  }

  /** Take the turn from the other tab, after it had a moment to send what it owes. */
  async take() {
    this.channel?.postMessage("leave");
    await new Promise((done) => { setTimeout(done, 700); });
    this.request({ steal: true });
  }

  onLeave(callback) {
    this.channel?.addEventListener("message", (event) => { if (event.data === "leave") callback(); });
  }

  request(options) {
    if (!navigator.locks) {
      this.onGain();
      return;
    }
    let held = false;
    navigator.locks.request(this.name, options, (lock) => {
      if (!lock) {
        this.onLose();
        return undefined;
      }
      held = true;
      this.onGain();
      return new Promise(() => {});
    }).catch(() => { if (held) this.onLose(); });
  }
}
