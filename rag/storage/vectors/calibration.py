"""What is known of a generation's picture part: how well it finds the library's own pictures by words, kind by kind.

It is measured in :mod:`rag.indexing.calibrate`, kept in the generation's record, and used in
:mod:`rag.retrieval.picture_channel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingestion.elements import ChunkKind

RECORD = "text_to_image"
"""Name of the entry in a generation's record."""


@dataclass(frozen=True, slots=True)
class Ability:
    """How well pictures of one kind are found by what is said of them.

    ``questions`` captions were asked of ``pictures`` crops. ``found`` is the mean reciprocal rank of the right crop,
    ``chance`` what guessing would reach; ``reliability``, 0 to 1, is what is certainly above chance. A picture that
    scores (a centred cosine) no more than ``least`` is likely to score so for any words; from ``sure`` it is as near to
    the words as a right one is.
    """

    questions: int
    pictures: int
    found: float = 0.0
    chance: float = 1.0
    reliability: float = 0.0
    least: float = 0.0
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """``captioned``: how many pictures of the library had something said of them when it was made."""

    captioned: int
    kinds: Mapping[ChunkKind, Ability] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the record; :func:`from_json` reads it."""
        kinds = {kind: {name: _rounded(v) for name, v in asdict(a).items()} for kind, a in self.kinds.items()}
        return {"captioned": self.captioned, "kinds": kinds}


def from_json(noted: Mapping[str, Any] | None) -> Calibration | None:
    """None where nothing was measured."""
    if not noted:
        return None
    return Calibration(noted["captioned"], {kind: Ability(**values) for kind, values in noted["kinds"].items()})


def _rounded(value: float) -> float:
    return round(value, 4)
