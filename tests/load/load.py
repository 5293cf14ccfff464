"""``make load-test``: what the portal bears. A measurement is a module ``load_NAME``; one that finds a broken promise fails."""

from __future__ import annotations

from tests.load.bench import main

if __name__ == "__main__":
    main("load", "make load-test")
