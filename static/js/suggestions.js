// Suggestions while typing (a combobox): <input data-suggest="URL" data-suggest-name="q">.
// The endpoint takes POST {q} (names never stand in an address) and answers {results: [{value, label, note, url}]}.
// Choosing one fills the field, and follows its url where it has one (a client that is already there).
import { all, csrfToken, make, once, words } from "./words.js";

const PAUSE = 250;
let serial = 0;

export function startSuggestions(root) {
  all(root, "input[data-suggest]").forEach((input) => { if (once(input, "Suggest")) attach(input); });
}

function attach(input) {
  const id = `suggest-${(serial += 1)}`;
  const list = make("ul", { id, class: "suggest-list", role: "listbox", hidden: true, "aria-label": input.labels?.[0]?.textContent ?? "" });
  const status = make("span", { class: "visually-hidden", role: "status" });
  const frame = make("div", { class: "suggest" });
  input.before(frame);
  frame.append(input, list, status);
  const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

  const state = { results: [], at: -1, timer: 0, request: null };
  const close = () => {
    list.hidden = true;
    state.at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    state.at = at;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const choose = (result) => {
    close();
    if (result.url) location.assign(result.url);
    else {
      input.value = result.value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const show = (results) => {
    state.results = results;
    list.replaceChildren(...results.map((result, index) => option(result, `${id}-${index}`)));
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    status.textContent = words(results.length ? "suggestions" : "noSuggestions", { count: results.length });
    mark(-1);
  };

  input.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => ask(input, state, show, close), PAUSE);
  });
  input.addEventListener("keydown", (event) => onKey(event, state, list, { mark, choose, close }));
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(state.results[index]);
  });
}

function option(result, id) {
  const element = make("li", { id, role: "option", "aria-selected": "false" }, make("span", {}, result.label));
  if (result.note) element.append(make("span", { class: "muted small" }, ` ${result.note}`));
  return element;
}

async function ask(input, state, show, close) {
  const query = input.value.trim();
  state.request?.abort();
  if (query.length < 2) return close();
  state.request = new AbortController();
  const body = new URLSearchParams({ [input.dataset.suggestName ?? "q"]: query });
  try {
    const answer = await fetch(input.dataset.suggest, {
      method: "POST", body, signal: state.request.signal,
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    });
    if (answer.ok) show((await answer.json()).results);
  } catch {
    close();
  }
  return undefined;
}

function onKey(event, state, list, { mark, choose, close }) {
  const last = state.results.length - 1;
  if (list.hidden || last < 0) return;
  const moves = { ArrowDown: state.at >= last ? 0 : state.at + 1, ArrowUp: state.at <= 0 ? last : state.at - 1 };
  if (event.key in moves) {
    event.preventDefault();
    mark(moves[event.key]);
  } else if (event.key === "Enter" && state.at >= 0) {
    event.preventDefault();
    choose(state.results[state.at]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  }
}
