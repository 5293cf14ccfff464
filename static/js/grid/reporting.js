// What the saver says, in words, where the person looks; and what the server answered, shown in cells and beside.

// Hour and minute in Beijing, as everywhere in the portal
export const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" };

export function report(grid) {
  const { shell, saver, store, notices, say } = grid;

  grid.receive = (answer) => {
    if (answer.faults) {
      grid.view.setFaults(answer.faults);
      grid.side.setFaults(answer.faults);
    }
    if (answer.balances) grid.side.setBalances(answer.balances);
    if (answer.licences) grid.side.setLicences(answer.licences);
    if (answer.saved_at) grid.savedAt = answer.saved_at;
    shell.dispatchEvent(new CustomEvent("grid:faults", { detail: answer, bubbles: true }));
  };

  const saved = () => {
    const time = grid.savedAt ? new Date(grid.savedAt).toLocaleTimeString(document.documentElement.lang, TIME) : "";
    grid.toolbar.setState(time ? say("saved", { time }) : say("nothingTyped"), "good", "done");
  };

  const states = {
    saving: () => grid.toolbar.setState(say("saving"), "note", "pending"),
    saved(answer) {
      grid.receive(answer);
      ["failed", "signedOut", "refused"].forEach((kind) => notices.hide(kind));
      saved();
      shell.dispatchEvent(new CustomEvent("grid:saved", { detail: answer, bubbles: true }));
    },
    failed: ({ wait }) => grid.toolbar.setState(say(store.works ? "failed" : "failedNoStore", { wait }), "stop", "warning"),
    signedOut() {
      grid.toolbar.setState(say("notSaved"), "stop", "warning");
      notices.show("signedOut", say("signedOut"), {
        tone: "warn",
        links: [{ words: say("signIn"), url: shell.dataset.signInUrl }],
        buttons: [{ words: say("tryAgain"), act: () => saver.resume() }],
      });
    },
    refused({ message, detail }) {
      grid.toolbar.setState(say("notSaved"), "stop", "warning");
      notices.show("refused", [say("refused"), message ?? detail ?? ""].join(" ").trim(), {
        tone: "stop", buttons: [{ words: say("tryAgain"), act: () => saver.resume() }],
      });
    },
    merged({ changed, conflicts }) {
      if (changed.length) {
        const lines = changed.slice(0, 10).join(", ") + (changed.length > 10 ? " …" : "");
        notices.show("merged", say("merged", { lines }));
      }
      if (conflicts.length) {
        grid.toolbar.setState(say("notSaved"), "warn", "warning");
        notices.conflicts(conflicts, (keepMine) => saver.settle(conflicts, keepMine));
      } else if (saver.unsaved === 0) saved();
    },
  };
  saver.addEventListener("state", (event) => states[event.detail.state](event.detail));

  shell.dataset.unsaved = "0";
  saver.addEventListener("kept", (event) => { shell.dataset.unsaved = String(event.detail); });

  window.addEventListener("beforeunload", (event) => {
    grid.editor.commit();
    if (saver.unsaved && (!store.works || saver.failures || saver.paused)) event.preventDefault();
  });
  grid.showSaved = saved;
}
