"""Values come back as they were, also where their types have changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.storage.records.values_json import from_json, to_json
from rag.types import Answer, Citation, Evidence

BOX = BBox(10.0, 20.5, 110.0, 220.0)
CHUNK = Chunk("c1", "d" * 64, "table", "E6 | Fan", (Region(2, BOX),), "Table 6", "8 Faults", image="crops/1.webp")
EVIDENCE = Evidence(1, CHUNK, "manual.pdf", "E6 | Fan", None, None, (595.0, 842.0), 0.5, ("other.pdf, page 4",), True)
CITATION = Citation(1, "d" * 64, 2, BOX, "table", "Table 6", "E6 „Fan”", "crops/1.webp", False)
ANSWER = Answer("The fan [1].", (CITATION,), (EVIDENCE,), False, 2, "quotes", 0.25, "A notice.", "E6?")


class Place(NamedTuple):
    page: int
    note: str = "none"


@dataclass(frozen=True)
class Before:
    """What an earlier version wrote."""

    number: int
    place: tuple[int, ...]
    gone: str


@dataclass(frozen=True)
class Now:
    """What this version reads it as."""

    number: int
    place: Place
    new: str
    mark: Literal["weak", "strong"]
    marks: Mapping[str, float] = field(default_factory=dict)
    path: Path | None = None
    boxes: tuple[BBox, ...] = ()


def _through_a_file(value: object) -> object:
    return json.loads(json.dumps(to_json(value)))


def test_an_answer_comes_back_as_it_was_but_for_its_paths() -> None:
    assert from_json(Answer, _through_a_file(ANSWER)) == ANSWER
    with_path = Answer("", (), (Evidence(1, CHUNK, "m", "t", Path("/a/b"), None, (1.0, 2.0)),), True, 0, "", 0.0)
    assert from_json(Answer, _through_a_file(with_path)).evidence[0].crop is None


def test_fields_that_came_or_went_do_no_harm() -> None:
    found = from_json(Now, _through_a_file(Before(3, (7,), "old")))
    assert found == Now(3, Place(7), "", "weak", {}, None, ())


@pytest.mark.parametrize("kept", [None, [], "words", 5, {"number": "three", "mark": "none", "boxes": [[1, 2]]}])
def test_whatever_was_kept_a_value_comes_back(kept: object) -> None:
    assert from_json(Now, kept) == Now(0, Place(0), "", "weak")


def test_what_json_cannot_hold_is_an_error_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="object cannot be kept"):
        to_json({"a": object()})
