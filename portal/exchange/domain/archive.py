"""The inside of a backup: sections of bytes under names, and at the end a manifest with each one's size and digest.

Frames (kind, length, payload) in one compressed stream: ``B`` what made it, ``S`` a section begins, ``D`` its bytes, ``E``
the manifest. Read and written in one pass with bounded memory.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from portal.exchange.domain.sealed_file import SealedFault

LEVEL: Final = 3
BLOCK: Final = 2**18
_FRAME: Final = 5
_LARGEST: Final = 2**24


class Sink(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True)
class Extent:
    """What a section holds: bytes, lines (rows, for a table) and SHA-256."""

    size: int
    lines: int
    sha256: str


class Tally:
    """Counts and digests what passes."""

    def __init__(self) -> None:
        self._size = self._lines = 0
        self._digest = hashlib.sha256()

    def add(self, data: bytes) -> None:
        self._size += len(data)
        self._lines += data.count(b"\n")
        self._digest.update(data)

    def extent(self) -> Extent:
        return Extent(self._size, self._lines, self._digest.hexdigest())


class ArchiveWriter:
    """Writes sections one after the other into a sink."""

    def __init__(self, sink: Sink, description: dict[str, Any]) -> None:
        self._sink = sink
        self._press = zlib.compressobj(LEVEL)
        self._block = bytearray()
        self._tally: Tally | None = None
        self._name = ""
        self.manifest: dict[str, Extent] = {}
        self._frame(b"B", _encode(description))

    def section(self, name: str, about: dict[str, Any] | None = None) -> None:
        """Begin a section; what is written from now on is its content."""
        self._finish()
        self._name, self._tally = name, Tally()
        self._frame(b"S", _encode({"name": name, **(about or {})}))

    def write(self, data: bytes) -> int:
        """Content of the section begun last."""
        self._block += data
        if len(self._block) >= BLOCK:
            self._flush()
        return len(data)

    def close(self) -> None:
        """Write the manifest. What comes after belongs to the sink."""
        self._finish()
        self._frame(b"E", _encode({name: asdict(extent) for name, extent in self.manifest.items()}))
        self._sink.write(self._press.flush())

    def _finish(self) -> None:
        self._flush()
        if self._tally is not None:
            self.manifest[self._name] = self._tally.extent()

    def _flush(self) -> None:
        if self._block and self._tally is not None:
            data = bytes(self._block)
            self._block.clear()
            self._tally.add(data)
            self._frame(b"D", data)

    def _frame(self, kind: bytes, payload: bytes) -> None:
        self._sink.write(self._press.compress(kind + len(payload).to_bytes(4, "big") + payload))


@dataclass(frozen=True)
class Section:
    """One section as it is read; ``blocks`` must be used up before the next."""

    name: str
    about: dict[str, Any]
    blocks: Iterator[bytes]


class ArchiveReader:
    """Reads the sections in their order, each compared with the manifest at the end. SealedFault where one differs."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._frames = _frames(pieces)
        self._found: dict[str, Extent] = {}
        self._next = self._take()
        if self._next[0] != b"B":
            raise SealedFault("damaged")
        self.description: dict[str, Any] = json.loads(self._next[1])

    def sections(self) -> Iterator[Section]:
        """Every section; after the last, the manifest has been compared."""
        self._next = self._take()
        while self._next[0] == b"S":
            about = json.loads(self._next[1])
            name = about.pop("name")
            blocks = self._blocks(name)
            yield Section(name, about, blocks)
            for _unread in blocks:
                pass
        if self._next[0] != b"E" or next(self._frames, None) is not None:
            raise SealedFault("damaged")
        told = {name: Extent(**extent) for name, extent in json.loads(self._next[1]).items()}
        if told != self._found:
            raise SealedFault("damaged")

    @property
    def manifest(self) -> dict[str, Extent]:
        """What was read so far, by section."""
        return dict(self._found)

    def _blocks(self, name: str) -> Iterator[bytes]:
        tally = Tally()
        self._next = self._take()
        while self._next[0] == b"D":
            tally.add(self._next[1])
            yield self._next[1]
            self._next = self._take()
        self._found[name] = tally.extent()

    def _take(self) -> tuple[bytes, bytes]:
        frame = next(self._frames, None)
        if frame is None:
            raise SealedFault("damaged")
        return frame


def _frames(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    unpress = zlib.decompressobj()
    waiting = bytearray()
    for piece in pieces:
        packed = piece
        while packed:
            waiting += _unpacked(unpress, packed)
            packed = unpress.unconsumed_tail
            while (frame := _first(waiting)) is not None:
                yield frame
    if waiting or not unpress.eof:
        raise SealedFault("damaged")


def _unpacked(unpress: Any, packed: bytes) -> bytes:
    try:
        out: bytes = unpress.decompress(packed, 4 * BLOCK)
    except zlib.error as error:
        raise SealedFault("damaged") from error
    return out


def _first(waiting: bytearray) -> tuple[bytes, bytes] | None:
    """The first whole frame, taken out of what waits."""
    if len(waiting) < _FRAME:
        return None
    length = int.from_bytes(waiting[1:_FRAME], "big")
    if length > _LARGEST:
        raise SealedFault("damaged")
    if len(waiting) < _FRAME + length:
        return None
    frame = bytes(waiting[:1]), bytes(waiting[_FRAME : _FRAME + length])
    del waiting[: _FRAME + length]
    return frame


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
