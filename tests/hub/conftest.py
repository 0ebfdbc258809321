"""One hub for all of these tests."""

from loopback import hub

__all__ = ["hub"]
