"""How often a thing may be tried: rules that say, after so many tries, how long to wait and when it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slowing:
    """Some tries are free, then each wait is twice the one before, and at ``last`` it is over until it is forgotten.

    For guesses: a right one wipes the slate.
    """

    name: str
    free: int  # the try that is followed by the first wait
    first: int  # seconds of the first wait
    longest: int
    last: int
    memory: int  # seconds without a try after which all are forgotten

    wiped_when_right = True

    def wait(self, tries: int, left: int) -> int:
        """Seconds to wait after so many tries."""
        if tries < self.free:
            return 0
        if tries >= self.last:
            return self.memory
        doublings = min(tries - self.free, 30)
        return int(min(self.longest, self.first * 2**doublings))

    def kept(self, tries: int, left: int) -> int:
        """Seconds for which the tries are remembered; each one renews it."""
        return self.memory


@dataclass(frozen=True)
class Window:
    """So many tries in so many seconds, then none until those seconds are over. A right one is given back."""

    name: str
    most: int
    seconds: int

    wiped_when_right = False

    def wait(self, tries: int, left: int) -> int:
        """What is left of the window, once it is full."""
        return left if tries >= self.most else 0

    def kept(self, tries: int, left: int) -> int:
        """The window begins with its first try and no later one moves its end."""
        return self.seconds if tries == 1 else left


Limit = Slowing | Window
