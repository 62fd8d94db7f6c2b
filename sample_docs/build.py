"""Builds the sample documents: ``python sample_docs/build.py [--out DIR]``.

Enters: the sources beside this file. Leaves: three PDFs, two screenshots and ``questions.jsonl``. The same versions of
reportlab, Pillow and PyMuPDF give the same bytes. Must not know: anything about the programs that read the documents.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def build(out: Path) -> list[Path]:
    """Writes all files into ``out`` and returns their paths."""
    from source import datasheet, field_note, manual, questions, screenshots

    out.mkdir(parents=True, exist_ok=True)
    makers = {questions.MANUAL: manual.build, questions.SHEET: datasheet.build, questions.NOTE: field_note.build}
    places = {name: make(out / name) for name, make in makers.items()}
    shots = {"screenshot.png": "figure-6", "screenshot-error-table.png": "table-6"}
    for name, mark in shots.items():
        picture = screenshots.framed(out / questions.MANUAL, places[questions.MANUAL][mark][0])
        picture.save(out / name, optimize=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in questions.lines(places))
    (out / "questions.jsonl").write_text(text, encoding="utf-8")
    return [out / name for name in (*makers, *shots, "questions.jsonl")]


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the sample documents.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results (default: beside this script)")
    options = parser.parse_args()
    try:
        import reportlab  # noqa: F401
    except ImportError:
        print("build.py needs reportlab, which is not installed: pip install reportlab", file=sys.stderr)
        return 1
    for path in build(options.out):
        print(f"{path.stat().st_size:>9,}  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
