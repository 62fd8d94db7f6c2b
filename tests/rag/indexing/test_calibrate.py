"""A calibration on real indexes: what is asked and shown, when it is made, where it is kept and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document
from tiny_models import save_tiny_clip

from ingestion.elements import BBox, Chunk, Document, Region
from rag.cli.doctor import examine
from rag.config import Settings
from rag.index import Index
from rag.indexing import calibrate
from rag.indexing.calibrate import Crop, calibrate_if_due, question_of
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.storage.vectors.calibration import RECORD, Ability, Calibration, from_json
from rag.types import Progress, Query

DOCUMENTS = 6  # with two figures and two tables each


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("clip") / "model")


def _document(folder: Path, number: int) -> Document:
    """With the boxes of figures and tables without their captions."""
    document = make_document(folder, number)
    bodies = [
        replace(e, body=e.region.bbox._replace(y1=e.region.bbox.y1 - 30)) if e.image else e for e in document.elements
    ]
    return replace(document, elements=tuple(bodies))


def _store(index: Index, numbers: range) -> None:
    for number in numbers:
        folder = index.files.stage()
        index.store(_document(folder, number), folder)


@pytest.fixture
def index(tmp_path: Path, clip: Path) -> Iterator[Index]:
    settings = Settings(index=tmp_path / "index", encoder=str(clip), words="static")
    with Index.open(settings, create=True) as opened:
        yield opened


def _nothing(step: Progress) -> None:
    pass


def test_an_untrained_encoder_is_measured_as_documents_are_added_and_weighs_nothing(index: Index) -> None:
    _store(index, range(1))
    assert index.calibration is None  # four captions say nothing
    _store(index, range(1, DOCUMENTS))
    known = index.calibration
    assert known is not None and 8 <= known.captioned <= 4 * DOCUMENTS
    assert set(known.kinds) == {"figure", "table"}
    assert all(ability.reliability < 0.1 for ability in known.kinds.values())


def test_it_is_made_anew_when_the_captioned_pictures_have_doubled_or_halved(index: Index) -> None:
    _store(index, range(2))
    first = index.calibration
    assert first is not None and first.captioned == 8
    _store(index, range(2, 3))
    assert index.calibration == first
    _store(index, range(3, 4))
    second = index.calibration
    assert second is not None and second.captioned == 16
    for row in index.catalogue.documents()[:2]:
        index.remove(row.id)
    assert index.calibration == second  # removing opens no encoder
    calibrate_if_due(index, _nothing)
    third = index.calibration
    assert third is not None and third.captioned == 8


def test_a_new_generation_is_measured_before_a_gate_sees_it(index: Index, tmp_path: Path) -> None:
    _store(index, range(3))
    seen: list[Calibration | None] = []

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        seen.append(candidate.calibration)
        return True

    other = save_tiny_clip(tmp_path / "other", seed=3)
    assert index.reindex(str(other), gate=gate)
    assert seen[0] is not None and seen[0].captioned == 12
    assert index.calibration == seen[0]


def test_an_encoder_that_reads_no_text_is_asked_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted() -> int:
        raise AssertionError("nothing is to be counted")

    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static")
    with Index.open(settings, create=True) as plain:
        monkeypatch.setattr(plain.catalogue, "captioned", counted)
        _store(plain, range(3))
        plain.reindex()
        assert plain.calibration is None
        assert RECORD not in plain.catalogue.record(plain.generation.id)


def test_a_crop_is_shown_without_its_caption(index: Index) -> None:
    _store(index, range(1))
    row = index.catalogue.documents()[0]
    chunk = index.catalogue.chunks_of(row.id, kinds=["figure"])[0]
    whole, cut = (calibrate._body(index, Crop(chunk, "", body)) for body in (None, chunk.bbox._replace(y1=475.0)))
    assert whole is not None and cut is not None
    assert whole.size == (120, 90)
    assert cut.width == pytest.approx(120, abs=3)
    assert cut.height == pytest.approx(90 * 75 / 158, abs=2)


def test_crops_whose_caption_cannot_be_cut_off_are_not_asked_for(index: Index) -> None:
    for number in range(4):
        folder = index.files.stage()
        index.store(make_document(folder, number), folder)
    known = index.calibration
    assert known is not None
    assert known.kinds["figure"] == Ability(0, 8)


def test_a_caption_is_asked_without_its_label_else_a_sentence_but_no_row_of_a_parts_list() -> None:
    region = (Region(1, BBox(0, 0, 10, 10)),)
    plain = Chunk("a", "d", "figure", "", region, image="a.png")
    assert question_of(replace(plain, caption="Fig. 3-8: Drain pump")) == "Drain pump"
    assert question_of(replace(plain, caption="Abb. 4", mentions="№ 7: Valve\nAbb. 4 zeigt den Filter.")).endswith(
        "den Filter."
    )
    assert question_of(replace(plain, caption="图 2：排水泵")) == "排水泵"
    assert question_of(plain) == ""


def test_a_calibration_survives_its_record() -> None:
    made = Calibration(12, {"figure": Ability(12, 40, 0.5, 0.125, 0.25, 0.25, 0.75)})
    assert from_json(made.as_json()) == made
    assert from_json(None) is None


def test_doctor_tells_what_was_measured_and_what_was_not(index: Index) -> None:
    _store(index, range(1))
    told = {finding.what: finding for finding in examine(index.settings)}
    assert "4 figures and tables" in told["pictures by words"].detail
    _store(index, range(1, 4))
    detail = {finding.what: finding for finding in examine(index.settings)}["pictures by words"].detail
    assert "figure reliability 0." in detail and "8 captions" in detail


def test_with_reliability_0_results_are_those_without_a_calibration(index: Index) -> None:
    _store(index, range(1))
    assert index.calibration is None
    asked = [Query(text) for text in ("How is the drain pump cleaned?", "door seal", "valve A", "a blue rectangle")]
    before = [search(index, query).hits for query in asked]
    none = Calibration(8, {"figure": Ability(20, 20, 0.1, 0.2), "table": Ability(3, 20)})
    index.catalogue.tell_readers(index.generation.id, **{RECORD: none.as_json()})
    assert index.calibration == none
    assert [search(index, query).hits for query in asked] == before


def test_a_reliable_channel_brings_the_picture_up_and_leaves_what_is_asked_without_it(index: Index) -> None:
    _store(index, range(3))
    query = Query("a blue rectangle")
    before = search(index, query).hits
    sure = Calibration(8, {"figure": Ability(90, 90, 1.0, 0.05, 1.0, least=-1.0, sure=-0.9)})
    index.catalogue.tell_readers(index.generation.id, **{RECORD: sure.as_json()})
    hits = search(index, query).hits
    assert hits != before
    best = next(hit for hit in hits if hit.channels.get("text to image") and hit.channels["text to image"].rank == 1)
    assert hits[0].page == best.page and best.chunk.kind == "figure"
    scores = np.array([hit.score for hit in hits])
    assert (np.diff(scores) <= 0).all()
    without = replace(query, without=frozenset(["text to image"]))
    kept = [hit.chunk.id for hit in search(index, without).hits]
    assert kept == [hit.chunk.id for hit in before]
