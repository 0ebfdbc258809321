"""One end of a pipe between two processes: dictionaries as JSON, each after its length."""

import json
import select
import socket
import struct

from .wire import Garbled

__all__ = ["Channel", "Gone", "Late"]

LONGEST = 32 * 2**20    # bytes of a message


class Gone(Exception):
    """Nobody is at the other end."""


class Late(Exception):
    """Nothing came in time."""


class Channel:
    """One end of a pipe between two processes, for dictionaries."""

    def __init__(self, end: socket.socket):
        self.end = end

    def send(self, message: dict) -> None:
        """Send a message, or raise Gone."""
        data = json.dumps(message).encode()
        if len(data) > LONGEST:
            raise Garbled(f"{len(data)} bytes are too many")
        try:
            self.end.sendall(struct.pack("!I", len(data)) + data)
        except OSError:
            raise Gone from None

    def receive(self, seconds: float | None = None) -> dict:
        """Return the next message; `seconds` is how long each piece of it may take."""
        size, = struct.unpack("!I", self._bytes(4, seconds))
        if size > LONGEST:
            raise Garbled(f"{size} bytes are too many")
        try:
            message = json.loads(self._bytes(size, seconds))
        except (ValueError, RecursionError):
            raise Garbled("no JSON") from None
        if type(message) is not dict:
            raise Garbled("no dictionary")
        return message

    def _bytes(self, many: int, seconds: float | None) -> bytes:
        held = bytearray()
        while len(held) < many:
            if seconds is not None and not select.select([self.end], [], [], max(seconds, 0))[0]:
                raise Late
            try:
                more = self.end.recv(min(many - len(held), 2**20))
            except OSError:
                raise Gone from None
            if not more:
                raise Gone
            held += more
        return bytes(held)
