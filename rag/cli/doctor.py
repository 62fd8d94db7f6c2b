"""The command ``doctor``: what is present, and how to repair what is not.

Every part is really used once (a text is embedded, a picture read, the model's server asked), so a finding is a fact.
Findings come in the order in which a person would look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rag.cli import doctor_index, doctor_machine, doctor_models
from rag.cli.finding import BAD, OK, Finding
from rag.config import Settings
from rag.index import Index
from rag.indexing import recatalogue
from rag.types import Progress


def examine(settings: Settings, opened: Index | None = None) -> Iterator[Finding]:
    """All findings, each as soon as it is known. No finding raises; PageSight is usable if none is ``missing``.

    ``opened`` is the index, where the program has it open: it is looked at and left open.
    """
    yield doctor_machine.python()
    yield from doctor_machine.libraries()
    yield doctor_machine.space(settings.index)
    yield doctor_machine.ocr(settings)
    yield doctor_machine.sandbox(settings)
    yield from doctor_index.library(opened) if opened is not None else doctor_index.library_and_encoder(settings)
    yield doctor_models.model(settings)
    yield from doctor_models.reranker(settings)
    yield from doctor_index.queue(settings)


def repaired(index: Index, report: Callable[[Progress], None]) -> Iterator[Finding]:
    """Mend what is damaged: one finding for each fault. Raises :class:`RagError` where nothing can be looked at."""
    back = recatalogue.take_back(index, report)
    for name, error in back:
        remedy = f"it lies in {index.root / recatalogue.LOST}: add its original again, and delete it there"
        detail = f"{name} was in no catalogue{': ' * bool(error)}{error}"
        yield Finding(BAD, "not mended", detail, remedy) if error else Finding(OK, "mended", detail)
    done = index.mend(report)
    for fault, remedy in done:
        yield Finding(BAD, "not mended", fault.text, remedy) if remedy else Finding(OK, "mended", fault.text)
    if not done and not back:
        yield Finding(OK, "repair", "everything was read, nothing is damaged")
