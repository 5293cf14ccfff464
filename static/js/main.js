// Every page's behaviour: each module looks for its own data attributes and does nothing where there are none.
// Pages work without any of this; what is here makes them quicker and safer.
import { startMenus } from "./menus.js";
import { startForms } from "./forms.js";
import { startSelection } from "./selection.js";
import { startUndo } from "./undo.js";
import { startSuggestions } from "./suggestions.js";
import { startRequests } from "./requests.js";
import { startCopying } from "./copying.js";
import { startTimes } from "./times.js";
import { startTables } from "./tables.js";
import { startPasskeys } from "./passkeys.js";

document.documentElement.classList.add("js");

function start(root) {
  startPasskeys(root);
  startForms(root);
  startSelection(root);
  startUndo(root);
  startSuggestions(root);
  startCopying(root);
  startTimes(root);
  startTables(root);
}

startMenus();
startRequests();
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
