"""What others do to documents of a restricted collection: nothing, and they are not told that these are there."""

from __future__ import annotations

import time

import httpx
import pytest
from restricted_library import Running, traces

from rag.errors import CollectionRestricted, UnknownCollection, UnknownDocument
from rag.service.callers import Caller, asking
from rag.service.rights import rights_of
from rag.storage.records import collections
from rag.types import Query
from ui.state.backend import Library


def test_a_file_that_is_there_for_others_is_not_told_to_be_there(
    running: Running, http: dict[str, httpx.Client]
) -> None:
    for name, message in (
        ("ed", "cannot be added by you"),
        ("token other", "cannot be added by you"),
        ("ann", "there"),
    ):
        with running.file.open("rb") as file:
            job = http[name].post("api/v1/documents", files={"file": ("mine.pdf", file)}).json()
        while not job["finished"]:
            time.sleep(0.05)
            job = http[name].get(f"api/v1/jobs/{job['id']}").json()
        assert message in job["message"], job


EDITOR, NOBODY = Caller("ed", "editor", "user:ed"), None
ADMIN, RITA = Caller("ann", "admin", "user:ann"), Caller("rita", "editor", "user:rita")


@pytest.mark.parametrize("caller", [EDITOR, NOBODY, Caller("browser", "editor", "browser:x", signed_in=False)])
def test_what_is_hidden_cannot_be_removed_restored_or_put_elsewhere(running: Running, caller: Caller | None) -> None:
    """Also for nobody that is known: nothing that is restricted is there unless somebody says who asks."""
    library = running.library
    with asking(caller):
        assert library.ids() == (running.open_doc,)
        assert [one.name for one in library.collections()] == []
        for refused in (
            lambda: library.remove(running.doc),
            lambda: library.restore(running.doc),
            lambda: library.page(running.doc, 1),
            lambda: library.passage(running.doc, running.chunk),
            lambda: library.search(Query("flange", docs=frozenset([running.doc])), 5),
        ):
            with pytest.raises(UnknownDocument) as said:
                refused()
            assert not traces(str(said.value))
        for change in (library.delete_collection, lambda n: library.put_into_collection(n, [running.open_doc])):
            with pytest.raises(UnknownCollection):
                change(running.collection)
        made = library.create_collection("mine", [running.doc, running.open_doc])
        assert made.id != running.collection
    with asking(ADMIN):
        assert next(one for one in library.collections() if one.id == made.id).docs == {running.open_doc}
        library.delete_collection(made.id)


def test_a_removed_document_stays_hidden(running: Running) -> None:
    library = running.library
    with asking(ADMIN):
        library.remove(running.doc)
        assert [row.id for row in library.removed()] == [running.doc]
    with asking(EDITOR):
        assert library.removed() == [] and library.empty_trash() == [] and library.empty_trash([running.doc]) == []
        with pytest.raises(UnknownDocument):
            library.restore(running.doc)
    with asking(ADMIN), pytest.raises(CollectionRestricted, match="1 documents"):
        library.delete_collection(running.collection)
    with asking(ADMIN):
        library.restore(running.doc)
    with asking(EDITOR):
        assert running.doc not in library.ids()


def test_only_admins_let_more_people_see_a_document(running: Running) -> None:
    """An editor who may see a restricted collection takes nothing out of it, and puts nothing of it into another."""
    library, catalogue = running.library, running.library.index.catalogue
    other = collections.create(catalogue, "Board")
    collections.restrict(catalogue, other.id, rights_of(users=["rita"]))
    try:
        with asking(RITA):
            with pytest.raises(CollectionRestricted):
                library.take_out_of_collection(running.collection, [running.doc])
            with pytest.raises(CollectionRestricted):
                library.put_into_collection(other.id, [running.doc])
            with pytest.raises(CollectionRestricted):
                library.delete_collection(running.collection)
            library.put_into_collection(other.id, [running.open_doc])  # fewer see it now
        with asking(EDITOR):
            assert library.ids() == ()
        with asking(ADMIN):
            library.take_out_of_collection(other.id, [running.open_doc])
    finally:
        collections.delete(catalogue, other.id)


def test_words_of_hidden_documents_do_not_mend_a_question(running: Running) -> None:
    """A misspelt word is not told by what only the hidden document says."""
    from rag.retrieval.knowledge import respelt
    from rag.retrieval.query import parse_question
    from rag.storage.full_text.index import FullText

    with running.library.index.snapshot():
        text = FullText(running.library.index.catalogue.connection)
        asked = parse_question("quantum flangge of zanzibarr")
        seen = frozenset(row.no for row in text.documents([running.open_doc]))
        assert set(respelt(text, asked, seen).terms) == set(asked.terms)
        assert set(respelt(text, asked).terms) != set(asked.terms)


def test_without_restrictions_nothing_is_looked_up_but_one_number(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library.listed() is library.index.catalogue.listed()
    monkeypatch.setattr(collections, "restricted", lambda catalogue: pytest.fail("read again"))
    assert library.rights.hidden() == frozenset() and not library.rights.restricts()
