"""``make fault-test``: what the portal does while a part of it is gone. A measurement is a module ``fault_NAME``."""

from __future__ import annotations

from tests.load.bench import main

if __name__ == "__main__":
    main("fault", "make fault-test")
