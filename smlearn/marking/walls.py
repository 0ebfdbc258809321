"""What stands around a copy while it runs: limits everywhere, and on Linux walls.

Limits, of each process: memory, processor time, the size of a file. Walls, where the system grants
them to an ordinary user: no network, no other process in sight, all files read-only but for a
temporary home that vanishes, and the folder of submissions empty. Each wall is tried by itself;
what could not be raised is told to the teacher.
"""

import contextlib
import ctypes
import os
import platform
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

try:
    import resource
except ImportError:    # Windows, where nothing is marked: see __main__.py
    resource = None

__all__ = ["FILES", "NETWORK", "PROCESSES", "Limits", "hide", "limit", "raise_walls", "shut"]

NETWORK, FILES, PROCESSES = "network", "files", "processes"

# Of Linux's headers; the numbers are the same on every processor.
NEW_FILES, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
RECURSIVE, PRIVATE, NO_SUID, NO_DEVICES = 0x4000, 0x40000, 2, 4
DUMPABLE, DIES_WITH_PARENT, DROP_FOR_GOOD, NO_NEW_PRIVILEGES = 4, 1, 24, 38
CAPABILITIES = 0x20080522
MOUNT_SETATTR, HERE, ALL_BELOW, READ_ONLY = 442, -100, 0x8000, 1


class Limits(NamedTuple):
    """What a copy may use; each of its processes, where nothing else is said."""

    seconds: float = 120      # from the start of a copy to its end, on the clock
    cell: float = 20          # of one cell
    memory: int = 2 * 2**30   # bytes beside what it starts with
    file: int = 32 * 2**20    # bytes of a file that it writes
    home: int = 128 * 2**20   # bytes of all files, where there is a wall
    processes: int = 256      # one for each cell, and what it starts, where there is a wall


def limit(limits: Limits, walled: bool) -> None:
    """Set the limits of this process, and of those that it will start.

    How many there may be is counted behind the wall alone, from Linux 5.14 on; elsewhere all that
    the user runs would count, and the limit is not set.
    """
    wanted = {resource.RLIMIT_AS: _address_space() + limits.memory,
              resource.RLIMIT_FSIZE: limits.file, resource.RLIMIT_CORE: 0,
              resource.RLIMIT_CPU: int(limits.seconds) + 1}
    if walled and _linux() >= (5, 14):
        wanted[resource.RLIMIT_NPROC] = limits.processes
    for what, most in wanted.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):    # macOS refuses some
            resource.setrlimit(what, (most, most))


def _linux() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2]))


def _address_space() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:    # not Linux
        return 2**30


def hide() -> None:
    """Let no process of the same user look into the memory of this one."""
    if sys.platform == "linux":
        _libc().prctl(DUMPABLE, 0, 0, 0, 0)


def raise_walls(home: str, hidden: str, limits: Limits) -> Iterator[str]:
    """Raise what walls there can be around this process, and name each that stands.

    That of the processes is around those that it starts from now on.
    """
    if sys.platform != "linux":
        return
    libc = _libc()
    libc.prctl(DUMPABLE, 1, 0, 0, 0)    # or its own maps are closed to it
    libc.prctl(DIES_WITH_PARENT, 15, 0, 0, 0)
    user, group = os.getuid(), os.getgid()
    if not libc.unshare(NEW_USER | NEW_FILES | NEW_PROCESSES | NEW_NETWORK):
        with contextlib.suppress(OSError):
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
    elif libc.unshare(NEW_FILES | NEW_PROCESSES | NEW_NETWORK):
        return
    yield from (NETWORK, PROCESSES)
    if _files(libc, home, hidden, limits):
        yield FILES


def _files(libc: ctypes.CDLL, home: str, hidden: str, limits: Limits) -> bool:
    """Close all files to writing, but for a home of its own, and empty the folder to hide, if any.
    """
    def tmpfs(folder: str, most: int) -> bool:
        said = f"size={most},mode=700".encode()
        return not libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", NO_SUID | NO_DEVICES, said)

    return (not libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None)
            and (not hidden or tmpfs(hidden, 4096)) and tmpfs(home, limits.home)
            and _set_flags(libc, "/", READ_ONLY, 0) and _set_flags(libc, home, 0, READ_ONLY))


def _set_flags(libc: ctypes.CDLL, folder: str, on: int, off: int) -> bool:
    flags = (ctypes.c_uint64 * 4)(on, off, 0, 0)
    return not libc.syscall(MOUNT_SETATTR, HERE, os.fsencode(folder), ALL_BELOW,
                            ctypes.byref(flags), ctypes.c_size_t(32))


def shut(walled: bool) -> None:
    """Leave the first process behind the walls no way to take them down, or to see beyond."""
    if sys.platform != "linux":
        return
    libc = _libc()
    if walled:    # else /proc would be everybody's
        libc.mount(b"proc", b"/proc", b"proc", NO_SUID | NO_DEVICES, None)
    for capability in range(64):
        libc.prctl(DROP_FOR_GOOD, capability, 0, 0, 0)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)())


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
