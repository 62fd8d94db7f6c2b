"""Files in an object store: Amazon S3 and what speaks like it, Google Cloud Storage, Azure; a folder stands in for one.

s3://bucket/prefix   gs://bucket/prefix   az://container/prefix   file:///folder

The only module that imports obstore. What it needs to sign in is read from the environment, as that library documents
it (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``, ``GOOGLE_SERVICE_ACCOUNT``, ``AZURE_STORAGE_ACCOUNT_NAME``, …) and is
never written down. A request that fails on the way is tried again; an object is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rag.disk import disk_errors
from rag.errors import BadSettings, StoreError

SCHEMES = ("s3", "gs", "az", "file")
TRIES = 6  # after the first, with waits that double
PATIENCE = timedelta(seconds=60)  # for one request with its tries
BLOCK = 1 << 20  # bytes of an object held at once


class ObjectLost(StoreError):
    """An object is not there, or is not as it was written."""


def is_address(target: str) -> bool:
    """Whether it names an object store, and not a folder."""
    return "://" in target


class Objects:
    """The objects below one address. Raises :class:`BadSettings` for an address that none can have.

    Every method raises :class:`StoreError` where the store cannot be reached or refuses.
    """

    def __init__(self, address: str) -> None:
        split = urlsplit(address)
        if split.scheme not in SCHEMES:
            raise BadSettings(f"{address!r} is no object store; give one like s3://bucket/prefix, or a folder")
        if split.username or split.password or split.query:
            raise BadSettings(f"{split.scheme}://… has a key in it; keys are read from the environment alone")
        if split.scheme != "file" and not split.hostname:
            raise BadSettings(f"{address!r} names no bucket; give one like {split.scheme}://bucket/prefix")
        if find_spec("obstore") is None:
            raise BadSettings(
                f"{address} needs obstore, which is not installed; install it with `pip install 'pagesight[objects]'`"
            )
        self.address = address.rstrip("/")
        self._store = self._opened(split.scheme, split.path)

    def put(self, name: str, source: Path | bytes) -> None:
        """Write an object, replacing one of that name."""
        import obstore

        with self._errors(name):
            obstore.put(self._store, name, source)

    def read(self, name: str, most: int) -> bytes | None:
        """A small object of at most so many bytes; None where there is none of that name."""
        import obstore

        with self._errors(name):
            try:
                found = obstore.get(self._store, name)
            except FileNotFoundError:
                return None
            if found.meta["size"] > most:
                raise StoreError(f"{self.address}/{name} has {found.meta['size']:,} bytes and is none of ours")
            return bytes(found.bytes())

    def fetch(self, name: str, sha256: str, place: Path, mode: int = 0o666) -> None:
        """Write an object to ``place`` in one rename. Raises :class:`ObjectLost` where its SHA-256 is another."""
        part, digest = place.with_name(f"{place.name}.part"), hashlib.sha256()
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with open(part, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as out:
                for block in self._blocks(name):
                    digest.update(block)
                    out.write(block)
            if digest.hexdigest() != sha256:
                part.unlink()
                raise ObjectLost(f"{self.address}/{name} is not as it was written; copy the library there again")
            part.replace(place)

    def save(self, name: str, place: Path) -> None:
        """Write an object to ``place``, whatever it is."""
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as out:
                out.writelines(self._blocks(name))

    def sizes(self, below: str) -> dict[str, int]:
        """By name, in full, the bytes of every object below a folder."""
        import obstore

        with self._errors(below):
            return {meta["path"]: meta["size"] for batch in obstore.list(self._store, below) for meta in batch}

    def times(self, below: str) -> dict[str, float]:
        """By name, in full, when every object below a folder was written, in seconds since 1970."""
        import obstore

        with self._errors(below):
            found = [meta for batch in obstore.list(self._store, below) for meta in batch]
        return {meta["path"]: meta["last_modified"].timestamp() for meta in found}

    def delete(self, names: list[str]) -> None:
        """Those that are not there are left out."""
        import obstore

        with self._errors(names[0] if names else ""):
            try:
                obstore.delete(self._store, names)
            except FileNotFoundError:  # a folder stops at the first that is not there, others do not
                for name in names:
                    with suppress(FileNotFoundError):
                        obstore.delete(self._store, name)

    def flush(self) -> None:
        """What was written is on the disk; an object store sees to that by itself."""
        if self.address.startswith("file:") and hasattr(os, "sync"):
            os.sync()

    def _blocks(self, name: str) -> Iterator[bytes]:
        import obstore

        with self._errors(name):
            blocks = iter(obstore.get(self._store, name).stream(min_chunk_size=BLOCK))
        while True:
            with self._errors(name):
                block = next(blocks, None)
            if block is None:
                return
            yield bytes(block)

    def _opened(self, scheme: str, path: str) -> Any:
        from obstore.store import LocalStore, from_url

        with self._errors(""):
            if scheme == "file":
                return LocalStore(Path(url2pathname(path)), mkdir=True, automatic_cleanup=True)
            sums = {"config": {"checksum_algorithm": "SHA256"}} if scheme == "s3" else {}
            wait = {"max_retries": TRIES, "retry_timeout": PATIENCE}
            return from_url(self.address, retry_config=wait, **sums)

    @contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        """What the library raises, in one line: it shows its own innards below the first."""
        from obstore.exceptions import BaseError

        where = f"{self.address}/{name}".rstrip("/")
        try:
            yield
        except FileNotFoundError as exc:
            raise ObjectLost(f"{where} is not there; check the address, or copy the library there again") from exc
        except (BaseError, OSError) as exc:
            said = str(exc).strip().partition("\n")[0][:300]
            remedy = "check the address, the keys in the environment and the connection, then run it again"
            raise StoreError(f"{where} cannot be used ({said}); {remedy}") from exc
