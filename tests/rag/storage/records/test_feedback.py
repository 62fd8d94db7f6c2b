"""Thumbs: kept as they were given."""

from __future__ import annotations

from pathlib import Path

from ingestion.elements import BBox
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.feedback import Cited, Vote, save, votes, withdraw

BOX = BBox(10.0, 20.5, 110.0, 220.0)


def test_votes_come_back_as_they_were_given_and_the_last_one_counts(tmp_path: Path, store_url: str) -> None:
    catalogue = Catalogue(tmp_path, create=True, url=store_url)
    assert votes(catalogue) == []
    first = Vote("a", True, "What does E6 mean?", "Drain [1].", (Cited("d" * 64, 2, BOX, "table"),), ("d" * 64,))
    second = Vote("b", False, "", "No idea.", (), picture=b"\x89PNG")
    for vote in (first, second):
        save(catalogue, vote)
    kept = votes(Catalogue(tmp_path, url=store_url))
    assert [vote._replace(at="") for vote in kept] == [first, second]
    assert kept[0].at <= kept[1].at
    save(catalogue, first._replace(liked=False))
    assert {vote.id: vote.liked for vote in votes(catalogue)} == {"a": False, "b": False}
    withdraw(catalogue, "a")
    withdraw(catalogue, "never given")
    assert [vote.id for vote in votes(catalogue)] == ["b"]
