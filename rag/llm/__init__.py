"""The models that may answer: ``open_llm`` picks one from the settings.

Enters: settings. Leaves: a model, or None: then answers are quoted (``quoting.py``). Must not know: messages.
"""

from __future__ import annotations

from rag.config import Settings
from rag.llm.base import VisionLLM

LOCAL = "local:"
"""Prefix of ``PAGESIGHT_LLM_MODEL`` for a model that runs in this process: ``local:<folder or hub name>``."""


def open_llm(settings: Settings) -> VisionLLM | None:
    """The configured model, or None. Asks nothing of the network; a local model is loaded on first use."""
    if not settings.llm_model:
        return None
    if settings.llm_model.startswith(LOCAL):
        from rag.llm.local import LocalModel

        return LocalModel(settings.llm_model.removeprefix(LOCAL), settings.device)
    from rag.llm.openai_compatible import OpenAICompatible

    return OpenAICompatible(settings)
