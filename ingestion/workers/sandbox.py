"""What a process that reads foreign files gives up before it sees the first: network, programs, writing elsewhere.

A file that takes over the library that reads it has then a process that cannot send anything away, start anything or
change a file outside the folders it writes to. On Linux, without any right or namespace, so that it works in
containers, too:

- ``no_new_privs``: no program that it might start gains rights;
- Landlock (Linux 5.13): files are made, changed and deleted in its own folders alone; from 6.7 on no TCP, from 6.12
  on no signals to others and no abstract sockets;
- seccomp: no sockets but local ones, no programs, no looking into other processes, no mounting, no keys or io_uring.

What the system refuses is left out and said (``python -m rag doctor``); other systems have none of it. The numbers are
those of linux/landlock.h, linux/seccomp.h and the tables of system calls; no kept library offers both (2026-11).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

PR_SET_NO_NEW_PRIVS = 38
RIGHTS, WRITING, NETWORK = "no new rights", "writes to its own folders alone", "no network, no programs"
EVERYTHING = (RIGHTS, WRITING, NETWORK)

TRIED_SECONDS = 60.0

_LANDLOCK = {"create": 444, "add": 445, "restrict": 446}  # alike on all processors
_VERSION_FLAG = 1
_WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13))  # write files; remove and make files, folders, links, …
_WRITES_SINCE = {2: 1 << 13, 3: 1 << 14}  # moving between folders, truncating
_TCP, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals
_OWN_DEVICES = ("/dev/null", "/dev/shm")  # noqa: S108

# of each processor: the architecture's number, seccomp, socket; and what nobody who reads a file needs
_X86, _ARM = 0xC000003E, 0xC00000B7
_CALLS = {
    "x86_64": (_X86, 317, 41, (
        59, 322,  # execve, execveat
        101, 310, 311, 438,  # ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
        155, 161, 165, 166, 272, 308, 428, 429, 430,  # pivot_root, chroot, mounting, unshare, setns, the new mounting
        175, 176, 246, 313, 320,  # modules, kexec
        248, 249, 250, 298, 304, 321, 323, 425,  # keys, perf, file handles, bpf, userfaultfd, io_uring
    )),
    "aarch64": (_ARM, 277, 198, (
        221, 281,
        117, 270, 271, 438,
        39, 40, 41, 51, 97, 268, 428, 429, 430,
        104, 105, 106, 273, 294,
        217, 218, 219, 241, 265, 280, 282, 425,
    )),
}  # fmt: skip
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of a filter
_X32 = 0x40000000  # calls from here on are of another table
_FILTER, _ALL_THREADS = 1, 1


def shut_in(folders: Iterable[str | Path]) -> tuple[str, ...]:
    """Give up what this system lets a process give up; which of :data:`EVERYTHING` that is.

    For good, and best before there are other threads. ``folders`` are those it may write to beside the temporary one;
    they have to be there.
    """
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return ()  # the others ask for it
    own = [*folders, tempfile.gettempdir(), *_OWN_DEVICES]
    done = [RIGHTS]
    if _restrict_writing(libc, own):
        done.append(WRITING)
    if _restrict_calls(libc):
        done.append(NETWORK)
    return tuple(done)


def what_is_given_up() -> tuple[str, ...]:
    """Which of :data:`EVERYTHING` a process of this machine can give up, tried in one of its own."""
    root = str(Path(__file__).resolve().parents[2])
    code = "import sys; sys.path.insert(0, sys.argv[1]); from ingestion.workers.sandbox import shut_in; "
    command = [sys.executable, "-P", "-c", f"{code}print(*shut_in(()), sep='\\n')", root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TRIED_SECONDS, check=False)
    return tuple(part for part in EVERYTHING if part in done.stdout.splitlines())


# -- Landlock --------------------------------------------------------------------------------------------------------


def _restrict_writing(libc: ctypes.CDLL, folders: Sequence[str | Path]) -> bool:
    version = _call(libc, _LANDLOCK["create"], None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    writes = _WRITES | sum(bit for since, bit in _WRITES_SINCE.items() if version >= since)
    asked = [writes, *([_TCP] if version >= 4 else []), *([_SCOPES] if version >= 6 else [])]
    rules = struct.pack(f"={len(asked)}Q", *asked)
    rule_set = _call(libc, _LANDLOCK["create"], rules, len(rules), 0)
    if rule_set < 0:
        return False
    try:
        return all(_allow(libc, rule_set, path, writes) for path in folders) and not _call(
            libc, _LANDLOCK["restrict"], rule_set, 0
        )
    finally:
        os.close(rule_set)


def _allow(libc: ctypes.CDLL, rule_set: int, path: str | Path, writes: int) -> bool:
    """A path that is not there is none that can be written to."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        if not Path(path).is_dir():
            writes &= 1 << 1 | 1 << 14
        return not _call(libc, _LANDLOCK["add"], rule_set, 1, struct.pack("=Qi", writes, handle), 0)
    finally:
        os.close(handle)


# -- seccomp ---------------------------------------------------------------------------------------------------------


def _restrict_calls(libc: ctypes.CDLL) -> bool:
    known = _CALLS.get(platform.machine())
    if known is None or struct.calcsize("P") != 8:
        return False
    architecture, seccomp, socket, refused = known
    program = _program(architecture, socket, refused)
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    return not _call(libc, seccomp, _FILTER, _ALL_THREADS, described)


def _program(architecture: int, socket: int, refused: Sequence[int]) -> bytes:
    """Refuse other tables of calls, these calls, and sockets that are not local; allow the rest."""
    lines = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_LOAD, 0, 0, 0), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE)]
    for number in refused:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_EQUAL, 0, 3, socket), (_LOAD, 0, 0, 16), (_EQUAL, 1, 0, 1), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _call(libc: ctypes.CDLL, number: int, *values: int | bytes | None) -> int:
    """Below 0 where the system refuses, or does not know the call."""
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return int(libc.syscall(ctypes.c_long(number), *given))
