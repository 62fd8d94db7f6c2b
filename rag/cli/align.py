"""The command ``align``: a projection trained on the library, or a shorter encoder, and how to use it."""

from __future__ import annotations

import argparse
import shlex
import time
from pathlib import Path

from rag.alignment.align import Aligned, align, shorten
from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.index import Index
from rag.storage.tables.library import ALIGNMENTS
from rag.types import Progress


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Train and report; exit code 1 where no projection was better than none."""
    start = time.monotonic()
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        how = f"pca{args.pca}" if args.pca else args.seed
        file: Path = args.out or index.root / ALIGNMENTS / f"{args.part}-{index.generation.id}-{how}.safetensors"
        if args.pca:
            return _shorten(args, index, file)

        def heard(done: int, total: int) -> None:
            bars(Progress("pairs", "embedding", done, total))

        found = align(index, args.part, file, args.seed, heard)
    seconds = time.monotonic() - start
    output.say(_json(found, seconds), _lines(found, seconds), args.json)
    return int(not found.spec)


def _shorten(args: argparse.Namespace, index: Index, file: Path) -> int:
    found = shorten(index, args.part, args.pca, file)
    lines = [f"{args.pca} directions hold {found.share:.1%} of the {args.part} part", _use(found.picture, found.words)]
    output.say(found._asdict(), lines, args.json)
    return 0


def _use(picture: str, words: str) -> str:
    specs = f"--encoder {shlex.quote(picture)} --words {shlex.quote(words)}"
    how = f"python -m rag reindex {specs} --gate QUESTIONS.jsonl"
    return f"To use it if your questions do not get worse: {how}"


def _lines(found: Aligned, seconds: float) -> list[str]:
    trained = found.trained
    pairs = ", ".join(f"{count:,} {how}" for how, count in sorted(found.pairs.items()))
    held = output.count(len(trained.held_out), "document")
    lines = [
        f"{found.part} part, {sum(found.pairs.values()):,} pairs ({pairs}) of {found.documents} documents, {held} held "
        "out",
        f"partner found first on those: {trained.before.found:.3f} → {trained.after.found:.3f}; "
        f"loss {trained.before.loss:.3f} → {trained.after.loss:.3f}",
        f"{trained.epochs} epochs, then {trained.hard_epochs} with hard negatives; {seconds:.0f} s",
    ]
    if not found.spec:
        return [*lines, "No projection is better than none: nothing was written"]
    return [*lines, _use(found.picture, found.words)]


def _json(found: Aligned, seconds: float) -> dict[str, object]:
    trained = found.trained
    return {
        "part": found.part, "spec": found.spec, "pairs": dict(found.pairs), "documents": found.documents,
        "held_out": len(trained.held_out), "before": trained.before._asdict(), "after": trained.after._asdict(),
        "epochs": trained.epochs, "hard_epochs": trained.hard_epochs, "seconds": round(seconds, 1),
    }  # fmt: skip
