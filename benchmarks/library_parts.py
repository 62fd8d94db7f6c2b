"""The two parts of a question that grow with the library, alone: full text and codes of vectors, at any size.

    python -m benchmarks.library_parts [--pages 1000000] [--questions 20]

Full text: the postings of terms that stand on a tenth of a thousandth to a third of all pages, in documents of 43
pages, in a database in a temporary folder; a question has eight terms and their seven pairs. Codes: random ones in
memory, seven rows a page, for two encoders of 384 numbers. Prints milliseconds (p50, p95) and those of the processor.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(1, str(ROOT))

from rag.retrieval.knowledge import look_up  # noqa: E402
from rag.retrieval.query import ParsedQuestion  # noqa: E402
from rag.storage.full_text.index import FullText, Where  # noqa: E402
from rag.storage.full_text.postings import HIT, MOST_DOCUMENTS, PLACE  # noqa: E402
from rag.storage.tables import schema  # noqa: E402
from rag.storage.vectors.quantized import FACTORS, Asked, Signs, Steps, best, likely, reach  # noqa: E402

DOCUMENT, WORDS = 43, 460  # pages of a document, words of a page
SHARES = (0.0001, 0.0005, 0.002, 0.01, 0.03, 0.1, 0.2, 0.33)  # of all pages, on which a question's terms stand
EACH = 4  # terms of each share
ROWS = 7  # a page


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=20)
    args = parser.parse_args()
    _text(args.pages, args.questions)
    _codes(args.pages * ROWS, args.questions)


def _text(pages: int, questions: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.sqlite3"
        db = sqlite3.connect(path, isolation_level=None)
        schema.create(db)
        numbers = _fill(db, pages)
        print(f"{pages:,} pages: postings of {len(SHARES) * EACH} terms, {path.stat().st_size / 1e6:,.0f} MB")
        chance = random.Random(3)
        for name, where in (("library", Where()), ("document", Where((numbers[len(numbers) // 2],)))):
            _measure(name, [partial(_ask, db, chance, where)] * questions)
        db.close()


def _fill(db: sqlite3.Connection, pages: int) -> list[int]:
    random_ = np.random.default_rng(1)
    documents = max(1, pages // DOCUMENT)
    numbers: list[int] = np.unique(random_.integers(1, MOST_DOCUMENTS, documents)).tolist()
    db.execute("BEGIN")
    db.execute(
        "UPDATE fulltext_totals SET pages = ?, words = ?", (len(numbers) * DOCUMENT, len(numbers) * DOCUMENT * WORDS)
    )
    for share in SHARES:
        for which in range(EACH):
            near = min(0.9, share * 4)  # a term comes in some documents, and there on more pages
            rows = []
            for no in numbers:
                if random_.random() > share / near:
                    continue
                on = np.flatnonzero(random_.random(DOCUMENT) < near)
                if len(on):
                    times = random_.integers(1, 4, len(on))
                    hits = np.zeros(len(on), dtype=HIT)
                    hits["page"], hits["times"], hits["size"] = on + 1, times, WORDS
                    places = np.repeat(on * WORDS, times) + random_.integers(0, WORDS, int(times.sum()))
                    rows.append(
                        (f"t{share}-{which}", no, len(on), hits.tobytes(), np.sort(places).astype(PLACE).tobytes())
                    )
            db.executemany("INSERT INTO fulltext_postings VALUES (?,?,?,?,?)", rows)
    db.execute("COMMIT")
    return numbers


def _ask(db: sqlite3.Connection, chance: random.Random, where: Where) -> None:
    terms = tuple(f"t{share}-{chance.randrange(EACH)}" for share in chance.sample(SHARES, len(SHARES)))
    question = ParsedQuestion(terms, tuple(pairwise(terms)))
    text = FullText(lambda: db)
    look_up(text, question, where)
    text.search([*((term,) for term in terms), *question.phrases], 200, where)


def _codes(rows: int, questions: int) -> None:
    random_ = np.random.default_rng(2)
    spans = []
    for _ in range(2):
        codes = np.frombuffer(random_.bytes(6 * rows * 8), dtype=np.uint64).reshape(6, rows)
        factors = np.ones(rows, dtype=FACTORS)
        pairs = np.frombuffer(random_.bytes(192 * rows), dtype=np.uint8).reshape(rows, 192)
        spans.append((Signs(codes, factors), Steps(pairs, np.ones(rows, dtype=np.float32))))
    size = sum(part.nbytes for span in spans for parts in span for part in parts)
    print(f"{rows:,} rows of two encoders: {size / 1e6:,.0f} MB of codes")

    def ask() -> None:
        for signs, steps in spans:
            asked = Asked(*(random_.standard_normal(384).astype(np.float32) for _ in range(2)))
            scores = asked.scores(signs, rows)
            chosen = likely(scores, reach(rows, 600))
            best(asked.nearer(steps, signs.factors["bias"][chosen], chosen, scores[chosen]), 600)

    _measure("codes", [ask] * questions)


def _measure(name: str, work: Sequence[Callable[[], None]]) -> None:
    times, cpu = [], []
    for one in work:
        begun, used = time.perf_counter(), time.process_time()
        one()
        times.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - used))
    p50, p95 = (sorted(times)[int(share * (len(times) - 1))] for share in (0.5, 0.95))
    print(
        f"  {name:10} p50 {p50:8.1f}  p95 {p95:8.1f} ms; processor p50 {sorted(cpu)[len(cpu) // 2]:8.1f} ms", flush=True
    )


if __name__ == "__main__":
    main()
