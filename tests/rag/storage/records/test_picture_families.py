"""Near pictures by one comparison with all hashes: the same as looking at every picture in turn."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from made_documents import make_document

from ingestion.elements import Document
from rag.storage.records import picture_families
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.picture_families import KnownPictures, Picture, family_of, not_compared, save

MOST_BITS, MOST = 6, 5


@pytest.fixture
def catalogue(tmp_path: Path, store_url: str) -> Catalogue:
    return Catalogue(tmp_path / "index", create=True, url=store_url)


@pytest.fixture
def documents(catalogue: Catalogue, tmp_path: Path) -> list[Document]:
    documents = [make_document(tmp_path / str(number), number) for number in range(3)]
    for document in documents:
        catalogue.add(document)
    return documents


def _near_one_by_one(pictures: list[Picture], wanted: int) -> list[Picture]:
    near = [p for p in pictures if (p.hash ^ wanted).bit_count() <= MOST_BITS]
    return sorted(near, key=lambda p: (p.hash ^ wanted).bit_count())[:MOST]


def test_near_ones_are_those_that_a_look_at_every_picture_finds_in_its_order(
    catalogue: Catalogue, documents: list[Document]
) -> None:
    dice = random.Random(7)
    centres = [0, (1 << 64) - 1, 1 << 63, *(dice.getrandbits(64) for _ in range(3))]

    def some(name: str, count: int) -> list[Picture]:
        values = [dice.choice(centres) ^ sum(1 << bit for bit in dice.sample(range(64), dice.randrange(9)))]
        while len(values) < count:
            values.append(dice.choice(centres) ^ sum(1 << bit for bit in dice.sample(range(64), dice.randrange(9))))
        return [Picture(f"{name}{number}", value, f"{name}{number}") for number, value in enumerate(values)]

    pictures = some("a", 150)
    assert save(catalogue, documents[0].id, pictures)
    known = KnownPictures(catalogue)
    for picture in some("b", 50):
        known.append(picture)
        pictures.append(picture)
    for wanted in [*centres, *(picture.hash for picture in pictures)]:
        expected = _near_one_by_one(pictures, wanted)
        assert expected and known.near(wanted, MOST_BITS, MOST) == expected
    assert known.near(dice.getrandbits(64), 0, MOST) == []


def test_the_first_pictures_of_a_library_have_nothing_near(catalogue: Catalogue) -> None:
    assert KnownPictures(catalogue).near(0, 64, MOST) == []


def test_what_was_removed_meanwhile_is_not_near(catalogue: Catalogue, documents: list[Document]) -> None:
    save(catalogue, documents[0].id, [Picture("gone", 5, "gone")])
    save(catalogue, documents[1].id, [Picture("there", 5, "gone")])
    assert family_of(catalogue, ["gone", "there"]) == {"gone": "gone", "there": "gone"}
    known = KnownPictures(catalogue)
    catalogue.remove(documents[0].id)
    assert [picture.chunk for picture in known.near(5, MOST_BITS, MOST)] == ["there"]
    assert family_of(catalogue, ["there"]) == {}


def test_documents_are_compared_once_and_again_when_they_are_replaced(
    catalogue: Catalogue, documents: list[Document]
) -> None:
    assert not_compared(catalogue) == [document.id for document in documents]
    assert save(catalogue, documents[1].id, [])
    assert not_compared(catalogue) == [documents[0].id, documents[2].id]
    catalogue.add(documents[1])
    assert documents[1].id in not_compared(catalogue)
    catalogue.remove(documents[2].id)
    assert not picture_families.save(catalogue, documents[2].id, [Picture("x", 1, "x")])
