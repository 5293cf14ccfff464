"""Hands that never touch the mouse: from place to place with Tab, and always with the focus in sight."""

from __future__ import annotations

from playwright.sync_api import Page, expect

FAR = 90  # so many steps at most to anything on a page
WHERE = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const label = here.labels?.length ? [...here.labels].map(one => one.innerText).join(" ") : "";
  return {
    words: (here.getAttribute("aria-label") || label || here.innerText || "").replace(/\\s+/g, " ").trim(),
    seen: parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none" || style.boxShadow !== "none"
      || here.matches("body, main, .skip-link") || here.parentElement.matches(".grid-cell"),
  };
}"""


class OutOfReach(AssertionError):
    """Tab never came there, or one could not see where one was."""


def go_to(page: Page, name: str, *, back: bool = False) -> None:
    """Tab until the focus is on what has this name; each stop must show that it has the focus."""
    met = []
    for _step in range(FAR):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        here = page.evaluate(WHERE)
        if not here["seen"]:
            raise OutOfReach(f"on {page.url} one cannot see that the focus is on “{here['words']}”")
        if here["words"] == name:
            return
        met.append(here["words"])
    raise OutOfReach(f"Tab does not come to “{name}” on {page.url}, but to {met}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def follow(page: Page, name: str, *, back: bool = False) -> None:
    """Tab to a link or button and press Enter; the next page is there afterwards."""
    go_to(page, name, back=back)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def write(page: Page, name: str, text: str) -> None:
    go_to(page, name)
    page.keyboard.type(text)
