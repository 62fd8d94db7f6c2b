"""The model that answers, chosen by the settings: a server's, one in this process, or none.

Without one, answers are quoted.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from rag.config import Settings
from rag.llm.base import VisionLLM

if TYPE_CHECKING:
    from rag.llm.local import LocalModel

LOCAL = "local:"
"""Prefix of ``PAGESIGHT_LLM_MODEL`` for a model that runs in this process: ``local:<folder or hub name>``."""

_OPENED: WeakValueDictionary[tuple[str, str], LocalModel] = WeakValueDictionary()
_OPENING = threading.Lock()


def open_llm(settings: Settings) -> VisionLLM | None:
    """The configured model, or None. Asks nothing of the network; a local model is loaded on first use."""
    if not settings.llm_model:
        return None
    if settings.llm_model.startswith(LOCAL):
        return _local(settings.llm_model.removeprefix(LOCAL), settings.device)
    from rag.llm.openai_compatible import OpenAICompatible

    return OpenAICompatible(settings)


def _local(source: str, device: str) -> LocalModel:
    """The same for everyone who uses it at the same time, answers and reranking: its weights are gigabytes."""
    from rag.llm.local import LocalModel

    with _OPENING:
        model = _OPENED.get((source, device))
        if model is None:
            model = _OPENED[source, device] = LocalModel(source, device)
        return model
