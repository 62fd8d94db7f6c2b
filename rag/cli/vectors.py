"""The command ``vectors``: the vector database elsewhere, how far it is up to date, and bringing it there."""

from __future__ import annotations

import argparse

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.errors import BadSettings
from rag.index import Index
from rag.storage.vectors.copies import VectorCopy


def vectors(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where what is there is not what should be."""
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        copy = index.vectors.copy
        if copy is None:
            raise BadSettings(
                "The vectors are searched here, PAGESIGHT_VECTORS names no vector database; docs/scaling.md says which "
                "there are and when one is worth it"
            )
        if args.what in ("update", "rebuild"):
            index.copy_vectors(bars, anew=args.what == "rebuild")
        return _say(index, copy, args.json)


def _say(index: Index, copy: VectorCopy, as_json: bool) -> int:
    about, wrong = copy.engine.about(), list(copy.violations())
    held = copy.held(index.catalogue.state().revision)
    there, waiting = len(held.batches), len(held.tail)
    lines = [f"{about} at {copy.shown}", f"{output.count(there, 'document')} there, {waiting:,} not copied yet", *wrong]
    found = {"engine": about, "at": copy.shown, "name": held.name, "documents": there, "waiting": waiting}
    output.say({**found, "problems": wrong}, lines, as_json)
    return int(bool(wrong))
