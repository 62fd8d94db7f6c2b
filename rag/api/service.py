"""The parts that the API's addresses stand on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.service.asking import Asking
from rag.service.conversations import KeptConversations
from rag.service.jobs import Jobs
from rag.service.library import Documents
from rag.service.queue import WorkQueue


@dataclass(frozen=True, slots=True)
class Service:
    """``folder`` is where uploads lie until they are taken over."""

    documents: Documents
    conversations: KeptConversations
    asking: Asking
    jobs: Jobs
    queue: WorkQueue
    folder: Path
