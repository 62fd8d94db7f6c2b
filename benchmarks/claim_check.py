"""How many true sentences pass the claim checker and how many wrong ones it catches, by kind of error.

`python -m benchmarks.claim_check [--half a|b|…|h] [--wrong] [--words-only] [--beside FOLDER]`

`benchmarks/claim_pairs.json` holds invented evidence (prose and tables in nine languages) with claims: true ones, true
ones in other words, and wrong ones by kind. Parts "a", "c", "e", "g" and "x" are for building the checker, "b", "d",
"f", "h" and "y" are only measured; in "x" and "y" the claims are in another language than the evidence. A true claim
passes as "supported"; a wrong one is caught as "unsupported"; "weak" counts for neither. The default sentence encoder
is asked too, but with ``--words-only``. ``--wrong`` lists what went wrong in the parts for building, ``--beside``
measures the checker of a further checkout, by words only, first, in the same table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.answering.citing.citations import cite
from rag.config import Settings
from rag.types import Evidence

if TYPE_CHECKING:
    from rag.answering.claims.meaning import Meaning

PAIRS = Path(__file__).with_name("claim_pairs.json")
TRUE = ("true", "paraphrase")
PARTS = "abcdefghxy"
KINDS = (*TRUE, "number", "unit", "sign", "row", "column", "entity", "negated", "unsupported")


class Outcome(NamedTuple):
    """What the checker says of one claim: supported, weak or unsupported, and why."""

    half: str
    kind: str
    claim: str
    support: str
    doubt: str

    @property
    def right(self) -> bool:
        return self.support == ("supported" if self.kind in TRUE else "unsupported")


def outcomes(meaning: Meaning | None = None) -> list[Outcome]:
    """Every claim of the file, checked as the only sentence of an answer."""
    return [
        _outcome(evidence_of(given), given["half"], kind, claim, meaning)
        for given in json.loads(PAIRS.read_text(encoding="utf-8"))
        for kind, claim in given["claims"]
    ]


def _outcome(evidence: Evidence, half: str, kind: str, claim: str, meaning: Meaning | None) -> Outcome:
    asked: dict[str, Any] = {"meaning": meaning} if meaning else {}  # a checkout may know words alone
    (citation,) = cite(f"{claim.rstrip('.')} [1].", [evidence], **asked)
    support = getattr(citation, "support", "supported")
    if support == "supported" and not citation.supported:  # a checkout that knows two cases only
        support = "unsupported"
    return Outcome(half, kind, claim, support, getattr(citation, "doubt", ""))


def evidence_of(given: dict[str, Any]) -> Evidence:
    """The evidence of one entry of the file."""
    kind: ChunkKind = "table" if given["text"].startswith("|") else "text"
    caption, heading, text = given.get("caption", ""), given.get("heading", ""), given["text"]
    chunk = Chunk("c", "d" * 64, kind, text, (Region(12, BBox(50, 100, 500, 300)),), caption, heading)
    shown = "\n".join(part for part in (caption, text) if part) if kind == "table" else text
    return Evidence(1, chunk, "handbook.pdf", shown, None, None, (612.0, 792.0))


def default_meaning() -> Meaning | None:
    """By the sentence encoder that an index has by default."""
    from rag.answering.claims.meaning import meaning_by
    from rag.encoders.open import open_encoder

    return meaning_by(open_encoder(Settings(encoder="builtin")))


def _table(columns: dict[str, list[Outcome]]) -> str:
    lines = [f"{'kind':<14}" + "".join(f"{name:>24}" for name in columns)]
    for kind in KINDS:
        cells = ""
        for found in columns.values():
            own = [o for o in found if o.kind == kind]
            right, weak = sum(o.right for o in own), Counter(o.support for o in own)["weak"]
            share = f"{right} of {len(own)} ({right / len(own):.2f}), {weak} weak" if own else "–"
            cells += f"{share:>24}"
        lines.append(f"{kind + (' passes' if kind in TRUE else ''):<14}" + cells)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--half", choices=tuple(PARTS))
    parser.add_argument("--wrong", action="store_true", help="list what went wrong in the parts for building")
    parser.add_argument("--beside", type=Path, help="another checkout, measured in the same table")
    parser.add_argument("--json", action="store_true", help="print the outcomes, for --beside")
    parser.add_argument("--words-only", action="store_true", help="ask no sentence encoder")
    args = parser.parse_args()
    here = outcomes(None if args.words_only else default_meaning())
    if args.json:
        print(json.dumps([tuple(o) for o in here]))
        return
    columns: dict[str, list[Outcome]] = {}
    runs = {"before": _of(args.beside)} if args.beside else {}
    for name, found in {**runs, "now": here}.items():
        for half in args.half or PARTS:
            columns[f"{name}, half {half}"] = [o for o in found if o.half == half]
    print(_table(columns))
    for outcome in here if args.wrong else ():
        if outcome.half in "acegx" and not outcome.right:
            print(f"{outcome.kind:<12} {outcome.support:<12} {outcome.claim}  {outcome.doubt}")


def _of(folder: Path) -> list[Outcome]:
    """The outcomes of another checkout's checker: this script, with that folder's modules."""
    command = [sys.executable, "-c", _RUN, str(folder.resolve()), str(Path(__file__).resolve())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return [Outcome(*row) for row in json.loads(done.stdout)]


_RUN = (
    "import runpy, sys; folder, script = sys.argv[1:]; sys.path[:0] = [folder]; "
    "sys.argv = [script, '--json', '--words-only']; runpy.run_path(script, run_name='__main__')"
)

if __name__ == "__main__":
    main()
