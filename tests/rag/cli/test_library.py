"""The library on the command line: what is in it, taken out, taken back, put into collections and made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_adding_again_does_nothing_and_succeeds(library: Path, call: Any, manual_pdf: Path) -> None:
    result = call("add", manual_pdf, "--index", library)
    assert result.code == 0
    assert "already there" in result.out
    assert "0 added" in result.err
    assert "1 already there, 0 failed" in result.err


def test_list_and_status_count_what_was_indexed(library: Path, call: Any) -> None:
    rows = {row["name"]: row for row in call("list", "--index", library, "--json").rows}
    assert rows["lagoon-manual.pdf"]["pages"] == 3
    assert (rows["lagoon-manual.pdf"]["tables"], rows["lagoon-manual.pdf"]["figures"]) == (1, 1)
    status = call("status", "--index", library, "--json").rows[0]
    assert (status["documents"], status["pages"]) == (2, 4)
    assert status["encoder"] == "builtin + static"
    assert status["vectors"] > 0
    assert "lagoon-manual.pdf  3 pages, 1 figure, 1 table" in call("list", "--index", library).out


def test_a_removed_document_is_found_no_more(own_library: Path, call: Any) -> None:
    removed = call("remove", "site-note", "--index", own_library)
    assert removed.out == "Removed site-note.pdf (1 page)\n"
    assert [row["name"] for row in call("list", "--index", own_library, "--json").rows] == ["lagoon-manual.pdf"]
    hits = call("search", "belt tension in newton", "--index", own_library, "--json").rows
    assert "site-note.pdf" not in {hit["doc"] for hit in hits}


def test_a_collection_is_made_asked_within_and_deleted(own_library: Path, call: Any, manual_pdf: Path) -> None:
    at = ("--index", own_library, "--json")
    empty = call("collections", "--index", own_library)
    assert (empty.code, empty.out) == (0, "") and "no collections" in empty.err
    assert call("collections", "list", "--index", own_library).err == empty.err  # as with users, tokens and the trash
    mistyped = call("collections", "create", "Site notes", "sight-note", *at)
    assert mistyped.code == 1 and call("collections", *at).rows == []  # none is left behind without its documents
    made = call("collections", "create", "Site notes", "site-note", *at)
    assert made.rows[0]["documents"] == ["site-note.pdf"]
    assert call("add", manual_pdf, "--collection", "Manuals", *at).code == 0
    assert [(row["name"], row["documents"]) for row in call("collections", *at).rows] == [
        ("Manuals", ["lagoon-manual.pdf"]), ("Site notes", ["site-note.pdf"]),
    ]  # fmt: skip
    hits = call("search", "drain pump", "--collection", "site NOTES", *at).rows
    assert {hit["doc"] for hit in hits} == {"site-note.pdf"}
    assert call("collections", "rename", "site notes", "Notes", *at).rows[0]["name"] == "Notes"
    assert call("collections", "take", "Notes", "site-note", *at).rows[0]["documents"] == []
    nothing = call("search", "drain pump", "--collection", "Notes", "--index", own_library)
    assert nothing.code == 1 and "has no documents yet" in nothing.err
    assert call("collections", "delete", "notes", *at).rows[0]["deleted"]
    unknown = call("search", "x", "--collection", "Manual", "--index", own_library)
    assert unknown.code == 1 and "did you mean 'Manuals'" in unknown.err


def test_questions_are_made_for_the_gate_and_exported_where_there_are_votes(
    own_library: Path, call: Any, tmp_path: Path
) -> None:
    made = tmp_path / "made.jsonl"
    result = call("questions", "make", made, "--how", "picture", "--index", own_library, "--json").rows[0]
    assert result["questions"] == len(made.read_text().splitlines()) > 0
    assert call("eval", made, "--scope", "doc", "--index", own_library, "--json").code == 0
    nothing = call("questions", "export", tmp_path / "own.jsonl", "--index", own_library)
    assert nothing.code == 1 and "thumbs" in nothing.err
    assert not (tmp_path / "own.jsonl").exists()


def test_reindexing_swaps_and_rolls_back(own_library: Path, call: Any) -> None:
    before = call("status", "--index", own_library, "--json").rows[0]
    swapped = call("reindex", "--index", own_library, "--json").rows[0]
    assert swapped["swapped"] is True
    assert swapped["generation"] > before["generation"]
    back = call("rollback", "--index", own_library, "--json").rows[0]
    assert back["generation"] == before["generation"]
    assert call("search", "error E18", "--index", own_library, "--json").rows[0]["page"] == 2
    listed = call("generations", "--index", own_library, "--json").rows
    assert [(row["generation"], row["state"]) for row in listed] == [
        (before["generation"], "live"),
        (swapped["generation"], "previous"),
    ]
    assert listed[0]["documents"] == before["documents"] and listed[0]["vectors"] == before["vectors"]
    assert f"{before['generation']} live" in call("generations", "--index", own_library).out
    pruned = call("prune", "--index", own_library).out
    assert pruned == f"Deleted generation {swapped['generation']} (builtin + static, previous)\n"
    assert "no earlier, refused or unfinished" in call("prune", "--index", own_library).err


def test_vectors_are_copied_elsewhere_and_counted(
    own_library: Path, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("qdrant_client")
    assert "The vectors are searched here" in call("vectors", "--index", own_library).complaint
    monkeypatch.setenv("PAGESIGHT_VECTORS", f"qdrant+path:{tmp_path / 'qdrant'}")
    (before,) = call("vectors", "--index", own_library, "--json").rows
    assert (before["documents"], before["waiting"]) == (0, 2)
    assert "nothing was copied yet" in before["problems"][0]
    for what in ("update", "rebuild"):
        (after,) = call("vectors", what, "--index", own_library, "--json").rows
        assert (after["documents"], after["waiting"], after["problems"]) == (2, 0, [])
    assert "Qdrant" in call("doctor", "--index", own_library).out


def test_a_removed_document_is_listed_taken_back_and_deleted_for_good(own_library: Path, call: Any) -> None:
    note, where = "site-note.pdf", ("--index", own_library)
    assert "trash restore NAME" in call("remove", "site-note", *where).err
    listed = call("trash", "list", *where)
    assert listed.out == call("trash", *where).out  # alone, it lists
    assert note in listed.out and "1 document, " in listed.err and "kept for 30 days" in listed.err
    row = call("trash", "list", *where, "--json").rows[0]
    assert (row["name"], row["pages"]) == (note, 1) and row["bytes"] > 1000
    assert "1 removed" in call("doctor", *where).out
    wrong = call("trash", "restore", "sight-note", *where)
    assert wrong.code == 1 and "did you mean site-note.pdf?" in wrong.err
    assert call("trash", "restore", "site-note", *where).out == "Took back site-note.pdf (1 page)\n"
    assert call("search", "belt tension", *where).out.startswith("1")
    assert "Kept" not in call("remove", "site-note", "--for-good", *where).err
    assert "empty" in call("trash", "list", *where).err
    call("remove", "lagoon-manual", *where)
    emptied = call("trash", "empty", *where)
    assert emptied.out == "Deleted lagoon-manual.pdf\n" and "freed" in emptied.err
    assert "empty" in call("trash", "empty", *where).err


def test_watching_a_folder_without_a_document_says_what_is_not_taken(call: Any, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    said = "holds no document yet; pictures, text and web pages are not taken from folders"
    assert said not in call("watch", folder, "--once", "--index", tmp_path / "index").err
    (folder / "note.txt").write_text("The pump runs at 3 bar.", encoding="utf-8")
    told = call("watch", folder, "--once", "--index", tmp_path / "index")
    assert f"{folder} {said}: add them by name" in " ".join((told.err + told.out).split())
