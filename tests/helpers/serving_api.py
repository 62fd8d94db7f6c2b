"""A real server with the API of a library, for as long as a test needs it; and the reader of its events."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from rag.api.app import Api
from rag.api.gate import doors
from rag.config import Settings
from rag.index import Index
from rag.llm.base import VisionLLM
from rag.service.conversations import KeptConversations
from rag.service.jobs import Jobs
from rag.service.library import Documents
from rag.service.roles import ROLES
from rag.service.tokens import Tokens
from rag.service.upload_store import UploadStore
from rag.service.uploads import UploadQueues


class Served(NamedTuple):
    """A running API: its address, its parts, and tokens by role."""

    url: str
    documents: Documents
    tokens: Tokens
    secrets: Mapping[str, str]

    def client(self, role: str = "admin", **headers: str) -> httpx.Client:
        """One that shows a token of this role; without a role none."""
        shown = {"authorization": f"Bearer {self.secrets[role]}"} if role else {}
        return httpx.Client(base_url=f"{self.url}/api/v1/", headers={**shown, **headers}, trust_env=False, timeout=60)


@contextmanager
def served(settings: Settings, open_here: bool = False, llm: VisionLLM | None = None) -> Iterator[Served]:
    with Index.open(settings, create=True) as index:
        documents, kept = Documents(index, llm, settings), KeptConversations(index.catalogue)
        tokens = Tokens(index.root)
        secrets = {str(role): tokens.add(f"the {role}", role) for role in ROLES}
        queues = UploadQueues(UploadStore(index.root))
        api = Api(documents, kept, Jobs(queues, documents.add), doors(tokens, open_here))
        with closing(socket.socket()) as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(Starlette(routes=[Mount("/api", api.app)]), log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            try:
                yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", documents, tokens, secrets)
            finally:
                server.should_exit = True
                thread.join(10)
                queues.stop(10)
                api.stop()
                kept.stop()


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """The server-sent events of a reply, read as the standard says."""
    found = []
    for block in response.read().decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found
