"""Disk habits the stores share: whole-file writes, locks between processes, operating-system errors in plain words."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import DiskFull, IndexBusy, StoreError

LOCK_SECONDS = 10.0  # a writer waits this long: opening an index may hold the lock for a moment
LOCK_RETRY = 0.05  # seconds between two tries for a lock
HALF_WRITTEN = 3600.0  # seconds after which nobody is still writing a file
_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Translate ``OSError`` while writing below ``path``: :class:`DiskFull`, else :class:`StoreError`."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _FULL:
            full = exc.filename2 or exc.filename or path  # the second is where a file was copied to
            raise DiskFull(
                f"No space left to write {full}; free some space or set PAGESIGHT_INDEX to a folder on "
                "another disk, then run the command again. What was indexed before is intact."
            ) from exc
        if exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreError(
                f"{exc.filename or path} cannot be written ({exc.strerror}); allow it or set PAGESIGHT_INDEX"
            ) from exc
        if exc.errno in (errno.ENOENT, errno.ENOTDIR):
            place = Path(exc.filename or path)
            raise StoreError(
                f"{place} cannot be written: {place.parent} is no folder that is there; make it, or name another place"
            ) from exc
        raise StoreError(f"{exc.filename or path}: {exc.strerror or exc}") from exc


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write ``data`` beside ``path``, flush it to the disk and rename it into place.

    ``mode`` are the rights of the file, less what the process's umask takes.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with open(part, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def clear_half_written(folder: Path) -> None:
    """Delete what processes that were killed have left of :func:`write_whole`, right in a folder."""
    for part in folder.glob("*.[0-9]*.part"):
        with suppress(OSError):
            if part.stat().st_mtime < time.time() - HALF_WRITTEN:
                part.unlink()


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: float | None = None) -> Iterator[int]:
    """Hold an advisory lock on ``path`` (created if absent); it ends with the process, however that ends.

    Yields the file's descriptor. Raises :class:`IndexBusy` naming the holder after ``wait`` (else ``LOCK_SECONDS``).
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(handle, path, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, LOCK_SECONDS if wait is None else wait)
        if not shared:
            with disk_errors(path):
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def claimed(path: Path, wait: float | None = 0.0) -> Iterator[None]:
    """As :func:`locked`, for names that come and go: the file is deleted when the lock ends. ``wait`` None: no end."""
    deadline = None if wait is None else time.monotonic() + wait
    while True:
        left = LOCK_SECONDS if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            with locked(path, wait=left) as handle:
                if _is_still(path, handle):  # whoever held it before may have deleted it
                    try:
                        yield
                    finally:
                        path.unlink(missing_ok=True)
                    return
        except IndexBusy:
            if deadline is not None:
                raise


def _is_still(path: Path, handle: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _acquire(handle: int, path: Path, mode: int, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, mode | fcntl.LOCK_NB)
            return
        except BlockingIOError as exc:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
                raise IndexBusy(
                    f"The index {path.parent} is being written by another process (number {holder}); "
                    "wait until it has finished, or end it, then try again"
                ) from exc
            time.sleep(LOCK_RETRY)


def size_in_words(count: int) -> str:
    """Bytes for people, in units of 1,000: ``12 kB``, ``12.3 MB``, ``1.2 GB``."""
    unit, size = next(((unit, size) for unit, size in _UNITS if count >= size), ("kB", 1000))
    return f"{count / size:,.{0 if unit == 'kB' else 1}f} {unit}"


def bytes_below(folder: Path) -> int:
    """Bytes of all files in a folder and its folders; 0 where it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
