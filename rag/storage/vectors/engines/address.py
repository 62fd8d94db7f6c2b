"""Which vector database an address names, and the one connection to it that a process has.

postgresql://user:password@host/database      PostgreSQL with pgvector
qdrant://host:6333  qdrant+https://:key@host  a Qdrant server
qdrant+path:/folder                           Qdrant in this process, for one process
chroma://host:8000  chroma+https://host       a Chroma server
milvus://host:19530 milvus+https://…          a Milvus server
milvus+path:/folder/file.db                   Milvus Lite in this process, for one process
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from rag.errors import BadSettings
from rag.storage.vectors.engines.base import VectorEngine

PRODUCTS = {
    "postgresql": ("PostgreSQL", "postgres", ("psycopg", "pgvector")),
    "qdrant": ("Qdrant", "qdrant", ("qdrant_client",)),
    "chroma": ("Chroma", "", ("chromadb",)),
    "milvus": ("Milvus", "milvus", ("pymilvus",)),
}
"""By scheme: the product, the extra of this package that installs its client, and the modules of that."""
SCHEMES = {
    "postgresql": ("", "server"), "postgres": ("", "server"),
    "qdrant": ("http", "server"), "qdrant+https": ("https", "server"), "qdrant+path": ("", "path"),
    "chroma": ("http", "server"), "chroma+https": ("https", "server"),
    "milvus": ("http", "server"), "milvus+https": ("https", "server"), "milvus+path": ("", "path"),
}  # fmt: skip
PORTS = {"qdrant": 6333, "chroma": 8000, "milvus": 19530}

_open: dict[str, VectorEngine] = {}
_mutex = threading.Lock()


class Address(NamedTuple):
    """An address, taken apart. ``path`` is set where the engine runs in this process, ``host`` where it is a server."""

    product: str
    url: str
    host: str = ""
    port: int = 0
    secure: bool = False
    user: str = ""
    secret: str = ""
    path: str = ""

    @property
    def shown(self) -> str:
        """The address without what is secret; also what tells one engine from another."""
        if self.path:
            return f"{self.product}+path:{self.path}"
        split = urlsplit(self.url)
        where = "@".join(filter(None, (split.username, split.netloc.rpartition("@")[2])))
        query = "&".join(part for part in split.query.split("&") if part and not part.startswith("password"))
        return f"{split.scheme}://{where}{split.path}{'?' + query if query else ''}"


def parse(url: str) -> Address:
    """Raises :class:`BadSettings`, naming what is expected but nothing that may be secret."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as exc:
        raise BadSettings(f"PAGESIGHT_VECTORS is no address ({exc}); {_EXPECTED}") from exc
    if split.scheme not in SCHEMES:
        named = f"begins with {split.scheme!r}" if split.scheme else "names no engine"
        raise BadSettings(f"PAGESIGHT_VECTORS {named}; {_EXPECTED}")
    protocol, kind = SCHEMES[split.scheme]
    product = "postgresql" if split.scheme == "postgres" else split.scheme.partition("+")[0]
    if kind == "path":
        return _local(product, split)
    if product == "postgresql":
        return Address(product, url, split.hostname or "")
    if not split.hostname:
        raise BadSettings(f"PAGESIGHT_VECTORS names no host; {_EXPECTED}")
    about = split.hostname, port or PORTS[product], protocol == "https"
    return Address(product, url, *about, split.username or "", split.password or "")


def _local(product: str, split: SplitResult) -> Address:
    path = split.path if not split.netloc else f"{split.netloc}{split.path}"
    if not path.strip("/"):
        raise BadSettings(f"PAGESIGHT_VECTORS is {split.scheme}: without a path; {_EXPECTED}")
    return Address(product, split.geturl(), path=path)


_EXPECTED = (
    "it can be empty, postgresql://…, qdrant://HOST:PORT, qdrant+path:FOLDER, chroma://HOST:PORT, milvus://HOST:PORT "
    "or milvus+path:FILE.db (docs/scaling.md)"
)


def check(url: str) -> None:
    """Raise :class:`BadSettings` for an address that names no engine, or one whose client is not installed."""
    product, extra, modules = PRODUCTS[parse(url).product]
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        install = f"pip install 'pagesight[{extra}]'" if extra else "pip install -r requirements.txt"
        raise BadSettings(
            f"PAGESIGHT_VECTORS asks for {product}, whose client is not installed ({', '.join(missing)} is missing); "
            f"run `{install}`, or unset it to search the vectors here"
        )


def engine_at(url: str) -> VectorEngine:
    """The process's one engine at this address; it connects at its first use. Raises :class:`BadSettings`."""
    check(url)
    with _mutex:
        if not _open:
            atexit.register(close_all)  # Qdrant's client cannot close its folder once the interpreter ends
        if url not in _open:
            _open[url] = _makers()[parse(url).product](parse(url))
        return _open[url]


def close_all() -> None:
    """Let go of all connections of this process; the next use makes new ones."""
    with _mutex:
        for engine in _open.values():
            engine.close()


def _makers() -> dict[str, Callable[[Address], VectorEngine]]:
    """Modules are loaded as they are asked for: each loads the client of one engine."""

    def postgres(address: Address) -> VectorEngine:
        from rag.storage.vectors.engines.postgres import Postgres

        return Postgres(address.url, address.shown)

    def qdrant(address: Address) -> VectorEngine:
        from rag.storage.vectors.engines.qdrant import Qdrant

        return Qdrant(address.host, address.port, address.secure, address.secret, address.path, address.shown)

    def chroma(address: Address) -> VectorEngine:
        from rag.storage.vectors.engines.chroma_server import ChromaServer

        return ChromaServer(address.host, address.port, address.secure, address.secret, address.shown)

    def milvus(address: Address) -> VectorEngine:
        from rag.storage.vectors.engines.milvus import Milvus

        uri = address.path or f"{'https' if address.secure else 'http'}://{address.host}:{address.port}"
        return Milvus(uri, address.user, address.secret, address.shown, local=bool(address.path))

    return {"postgresql": postgres, "qdrant": qdrant, "chroma": chroma, "milvus": milvus}
