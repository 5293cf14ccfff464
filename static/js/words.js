// The words that scripts say: data attributes of <template id="words">, written by the server in the reader's language.

const store = document.getElementById("words")?.dataset ?? {};

/** The words of a name, its {placeholders} filled. */
export function words(name, values = {}, from = store) {
  return (from[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** The request token of the page's own forms. */
export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** A new element with properties and children, for the few that scripts make. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") element.className = value;
    else if (key in element && !key.includes("-")) element[key] = value;
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Run a part of start-up once for an element. */
export function once(element, name) {
  const key = `started${name}`;
  if (element.dataset[key]) return false;
  element.dataset[key] = "1";
  return true;
}

/** All elements of a selector in a root, the root itself included. */
export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found;
}
