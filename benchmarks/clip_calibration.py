#!/usr/bin/env python3
"""Pictures by words with and without calibration, before and after training: clip_calibration.py FOLDER [--steps N].

Three PDFs of drawn shapes are written: on some pages the drawing has a caption, on others no word is about it, and two
pages each state facts. A tiny CLIP is trained on other drawings for a minute (``tests/helpers/shapes_clip.py``), the
library is indexed with it as it was before training and as it is after, and both are asked for the drawings without
words and for the facts. "Without" is the search without its text-to-image channel. FOLDER keeps models and indexes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/helpers"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shapes_clip import save_untrained, train_shapes_clip
from shapes_library import ShapeQuestion, library, recall, write_library

from rag.config import Settings, quiet
from rag.index import Index
from rag.indexing.calibrate import calibrate


def main() -> None:
    """Train, index twice, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=260, help="of training, 0.17 s each on one core")
    args = parser.parse_args()
    quiet()
    questions = write_library(args.folder / "pdfs")
    models = {"untrained": save_untrained(args.folder / "untrained")}
    start = time.process_time()
    models["trained"] = train_shapes_clip(args.folder / "trained", args.steps)
    print(f"trained in {time.process_time() - start:.0f} s of CPU time")
    for name, model in models.items():
        shutil.rmtree(args.folder / f"index-{name}", ignore_errors=True)
        settings = Settings(index=args.folder / f"index-{name}", encoder=str(model), words="static", ocr="off")
        with library(settings, args.folder / "pdfs") as index:
            _show(index, name, questions)


def _show(index: Index, name: str, questions: list[ShapeQuestion]) -> None:
    start = time.process_time()
    calibrate(index, lambda step: None)
    spent, known = time.process_time() - start, index.calibration
    assert known is not None
    figures = known.kinds["figure"]
    print(f"\n{name}: {figures}\n  calibrated in {spent:.1f} s of CPU time")
    for kind in ("bare", "fact"):
        asked = sum(question.kind == kind for question in questions)
        for k in (1, 5):
            without, beside = (recall(index, questions, kind, k, channel) for channel in (False, True))
            print(f"  {asked} {kind} questions, page recall@{k}: without {without:.3f}, with {beside:.3f}")


if __name__ == "__main__":
    main()
