"""Conversations: kept whole, found again by their owner alone, never lost half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.errors import AmbiguousConversation, DiskFull, IndexBusy, UnknownConversation
from rag.storage.records import conversations as kept
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import ASKED, KeptTurn, Picture, new_id
from rag.types import Answer, Citation, Evidence

ROOT = Path(__file__).parents[4]
BOX = BBox(10.0, 20.5, 110.0, 220.0)
CHUNK = Chunk(
    "c1", "d" * 64, "table", "E6 | Fan", (Region(2, BOX), Region(3, BOX)), "Table 6", "8 Faults", "m", "c.webp"
)
EVIDENCE = Evidence(1, CHUNK, "manual.pdf", "E6 | Fan", None, None, (595.0, 842.0), 0.5, ("b.pdf, page 4",), True, "M")
CITATION = Citation(1, "d" * 64, 2, BOX, "table", "Table 6", "E6 „Fan”", "c.webp", False)
ANSWER = Answer("Das Gebläse klemmt [1].", (CITATION,), (EVIDENCE,), False, 1, "quotes", 0.25, "A notice.", "E6 again?")
CUTOUT, SHOT = Picture(b"webp" * 50, "image/webp"), Picture(b"\x89PNG", "image/png")


def turn(question: str = "What does E6 mean?", answer: Answer = ANSWER) -> KeptTurn:
    return KeptTurn(
        new_id(), question, status="done", text=answer.text, answer=answer, evidence=answer.evidence, searched=0.1,
        understood=answer.understood, docs=("d" * 64,), library=3, as_typed=True, picture_name="shot.png", scope="s",
    )  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path, store_url: str) -> Catalogue:
    return Catalogue(tmp_path, create=True, url=store_url)


def test_a_turn_comes_back_whole_after_a_restart(catalogue: Catalogue, tmp_path: Path, store_url: str) -> None:
    asked = turn()
    kept.save_turn(catalogue, "anna", "c", asked, {"1": CUTOUT, ASKED: SHOT})
    catalogue.close()
    again = Catalogue(tmp_path, url=store_url)
    (found,) = kept.read(again, "anna", "c")
    assert found.at.endswith("Z")
    assert replace(found, at="") == replace(asked, pictures=frozenset({"1", ASKED}))
    assert kept.picture(again, "anna", asked.id, "1") == CUTOUT
    assert kept.read_turn(again, "anna", asked.id) == found
    (listed,) = kept.listed(again, "anna")
    assert (listed.id, listed.title, listed.turns, listed.deleted) == ("c", "What does E6 mean?", 1, "")
    assert again.violations() == []


def test_a_turn_is_begun_and_then_finished_in_its_place(catalogue: Catalogue) -> None:
    first, second = turn("one?"), turn("two?")
    kept.save_turn(catalogue, "anna", "c", replace(first, status="open", answer=None), {ASKED: SHOT})
    kept.save_turn(catalogue, "anna", "c", second, {})
    kept.save_turn(catalogue, "anna", "c", first, {"1": CUTOUT})
    found = kept.read(catalogue, "anna", "c")
    assert [(t.question, t.status) for t in found] == [("one?", "done"), ("two?", "done")]
    assert found[0].pictures == {"1", ASKED}
    assert kept.turn_ids(catalogue, "c") == (first.id, second.id)


def test_nobody_sees_touches_or_continues_what_is_somebody_elses(catalogue: Catalogue) -> None:
    asked = turn()
    kept.save_turn(catalogue, "anna", "c", asked, {"1": CUTOUT})
    assert kept.listed(catalogue, "bert") == [] and kept.listed(catalogue, "bert", "fan") == []
    for refused in (
        lambda: kept.read(catalogue, "bert", "c"),
        lambda: kept.read_turn(catalogue, "bert", asked.id),
        lambda: kept.picture(catalogue, "bert", asked.id, "1"),
        lambda: kept.rename(catalogue, "bert", "c", "mine"),
        lambda: kept.discard(catalogue, "bert", "c"),
        lambda: kept.restore(catalogue, "bert", "c"),
        lambda: kept.forget(catalogue, "bert", "c"),
        lambda: kept.set_scope(catalogue, "bert", "c", asked.id),
        lambda: kept.save_turn(catalogue, "bert", "c", turn(), {}),
        lambda: kept.save_turn(catalogue, "bert", "other", asked, {}),
    ):
        with pytest.raises(UnknownConversation):
            refused()
    (found,) = kept.listed(catalogue, "anna")
    assert (found.title, found.turns, found.deleted) == ("What does E6 mean?", 1, "")
    assert [c.owner for c in kept.listed(catalogue, None)] == ["anna"]


def test_rename_discard_undo_and_forget(catalogue: Catalogue) -> None:
    kept.save_turn(catalogue, "anna", "a", turn("first?"), {"1": CUTOUT})
    kept.save_turn(catalogue, "anna", "b", turn("second?"), {"1": CUTOUT, ASKED: SHOT})
    assert [c.id for c in kept.listed(catalogue, "anna")] == ["b", "a"]
    assert kept.rename(catalogue, "anna", "a", "  <b>My\n\u202efans\x00</b> ").title == "<b>My fans</b>"
    assert [c.id for c in kept.listed(catalogue, "anna")] == ["b", "a"]  # a name is no new turn
    assert kept.rename(catalogue, "anna", "a", " \u200b ").title == "first?"
    assert kept.discard(catalogue, "anna", "b").deleted
    assert [c.id for c in kept.listed(catalogue, "anna")] == ["a"]
    assert [c.id for c in kept.listed(catalogue, "anna", trash=True)] == ["b"]
    assert kept.restore(catalogue, "anna", "b").deleted == ""
    assert [c.id for c in kept.listed(catalogue, "anna")] == ["b", "a"]
    kept.discard(catalogue, "anna", "b")
    kept.save_turn(catalogue, "anna", "b", turn("third?"), {})  # from a tab where it is still open
    assert [c.turns for c in kept.listed(catalogue, "anna")] == [2, 1]
    kept.forget(catalogue, "anna", "b")
    assert _pictures(catalogue) == [CUTOUT.data]  # the other conversation shows it, too
    kept.forget(catalogue, "anna", "a")
    assert _pictures(catalogue) == [] and catalogue.violations() == []


def _pictures(catalogue: Catalogue) -> list[bytes]:
    with catalogue.reading() as db:
        return [row[0] for row in db.execute("SELECT data FROM conversation_pictures")]


def test_the_trash_is_emptied_of_what_is_old(catalogue: Catalogue) -> None:
    for number in ("old", "new"):
        kept.save_turn(catalogue, "anna", number, turn(), {"1": CUTOUT})
        kept.discard(catalogue, "anna", number)
    with catalogue.writing() as db:
        db.execute("UPDATE conversations SET deleted = '2020-01-01T00:00:00.000Z' WHERE id = 'old'")
    kept.save_turn(catalogue, "anna", "third", turn(), {})
    kept.discard(catalogue, "anna", "third")
    assert {c.id for c in kept.listed(catalogue, None, trash=True)} == {"new", "third"}


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("E6", "ab"),
        ("geblase", "a"),
        ("GEBLÄSE", "a"),
        ("e6 klemmt", "a"),
        ("spare title", "b"),
        ("%", ""),
        ("zzz", ""),
    ],
)
def test_found_by_words_of_title_question_and_answer(catalogue: Catalogue, find: str, found: str) -> None:
    kept.save_turn(catalogue, "anna", "a", turn(), {})
    kept.save_turn(catalogue, "anna", "b", turn("And E6?", replace(ANSWER, text="No idea.")), {})
    kept.rename(catalogue, "anna", "b", "Spare parts, title")
    assert {c.id for c in kept.listed(catalogue, "anna", find)} == set(found)


def test_named_by_title_or_the_start_of_an_id(catalogue: Catalogue) -> None:
    for number in ("abcd1111", "abcd2222"):
        kept.save_turn(catalogue, "anna", number, turn(), {})
    kept.rename(catalogue, None, "abcd2222", "Fäns")
    assert kept.named(catalogue, None, "FANS").id == "abcd2222"
    assert kept.named(catalogue, None, "abcd1").id == "abcd1111"
    with pytest.raises(AmbiguousConversation, match="abcd2222"):
        kept.named(catalogue, None, "abcd")
    with pytest.raises(UnknownConversation, match="rag conversations"):
        kept.named(catalogue, "bert", "abcd1111")


def test_every_change_has_another_revision(catalogue: Catalogue) -> None:
    seen = [kept.revision(catalogue, "anna")]
    kept.save_turn(catalogue, "anna", "a", turn(), {})
    seen.append(kept.revision(catalogue, "anna"))
    kept.save_turn(catalogue, "bert", "b", turn(), {})
    assert kept.revision(catalogue, "anna") == seen[-1]
    for change in (
        lambda: kept.rename(catalogue, "anna", "a", "x"),
        lambda: kept.set_scope(catalogue, "anna", "a", "t"),
        lambda: kept.discard(catalogue, "anna", "a"),
        lambda: kept.restore(catalogue, "anna", "a"),
        lambda: kept.forget(catalogue, "anna", "a"),
        lambda: kept.save_turn(catalogue, "anna", "a", turn(), {}),
    ):
        change()
        seen.append(kept.revision(catalogue, "anna"))
    assert seen[-2] == 0  # nothing is there
    assert len(set(seen[1:])) == len(seen) - 1
    assert catalogue.state().revision == 0  # nothing that readers of the index look at


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_turns_of_another_version_are_read_as_far_as_they_can(catalogue: Catalogue) -> None:
    asked = turn()
    kept.save_turn(catalogue, "anna", "c", asked, {})
    with catalogue.writing() as db:
        db.execute("UPDATE conversation_turns SET kept = json_set(kept, '$.answer.citations[0].support', 'weak')")
        db.execute("UPDATE conversation_turns SET kept = json_remove(kept, '$.answer.citations[0].quote')")
        db.execute("UPDATE conversation_turns SET kept = json_set(kept, '$.status', 'thinking')")
    (found,) = kept.read(catalogue, "anna", "c")
    assert found.answer is not None
    assert found.answer.citations == (replace(CITATION, quote="", support="weak"),)
    assert (found.question, found.status) == (asked.question, "open")


def test_another_process_that_writes_is_waited_for_only_as_long_as_one_likes(
    catalogue: Catalogue, tmp_path: Path, store_url: str
) -> None:
    waiting = threading.Thread(target=kept.save_turn, args=(catalogue, "anna", "c", turn(), {}))
    with Catalogue(tmp_path, url=store_url).writing():  # as another process does
        with pytest.raises(IndexBusy):
            kept.save_turn(catalogue, "anna", "c", turn(), {}, wait=0.01)
        assert kept.listed(catalogue, "anna") == []  # reading waits for nobody
        waiting.start()
    waiting.join()
    assert [c.turns for c in kept.listed(catalogue, "anna")] == [1]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_takes_nothing_away(catalogue: Catalogue) -> None:
    kept.save_turn(catalogue, "anna", "c", turn(), {})
    with catalogue.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskFull, match="free some space"):
            kept.save_turn(catalogue, "anna", "c", turn(), {"1": Picture(os.urandom(1_000_000), "image/webp")})
        db.execute("PRAGMA max_page_count = 1000000")
    assert len(kept.read(catalogue, "anna", "c")) == 1
    kept.save_turn(catalogue, "anna", "c", turn(), {"1": CUTOUT})
    assert len(kept.read(catalogue, "anna", "c")) == 2 and catalogue.violations() == []


WRITER = """
import sys
from pathlib import Path
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import KeptTurn, Picture, new_id
from rag.storage.records.conversations import save_turn
catalogue = Catalogue(Path(sys.argv[1]), create=True, url=sys.argv[2])
for number in range(100_000):
    turn = KeptTurn(new_id(), f"question {number}?", status="done", text="words " * 500)
    shown = Picture(bytes(str(number), "ascii") * 5000, "image/webp")
    save_turn(catalogue, "anna", f"c{number % 7}", turn, {"1": shown})
    print(turn.id, flush=True)
"""


def test_killed_writers_lose_no_turn_and_leave_no_half(tmp_path: Path, store_url: str) -> None:
    told = list[str]()
    for stop in (1, 9, 30):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), store_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            told += [child.stdout.readline().strip() for _ in range(stop)]
            child.send_signal(signal.SIGKILL)
            told += [line.strip() for line in child.stdout.read().splitlines() if len(line.strip()) == 32]
    catalogue = Catalogue(tmp_path, url=store_url)
    assert catalogue.violations() == []
    there = {turn.id: turn for c in kept.listed(catalogue, "anna") for turn in kept.read(catalogue, "anna", c.id)}
    assert set(told) <= set(there)
    for number, found in there.items():
        assert found.pictures == {"1"} and kept.picture(catalogue, "anna", number, "1").data


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_thousand_conversations_are_listed_without_reading_what_they_say(catalogue: Catalogue) -> None:
    for number in range(1000):
        kept.save_turn(catalogue, "anna", f"c{number:04}", turn(f"question {number}?"), {"1": CUTOUT})
    assert [c.id for c in kept.listed(catalogue, "anna", limit=2)] == ["c0999", "c0998"]
    assert len(kept.listed(catalogue, "anna")) == 1000
    with catalogue.reading() as db:
        sql = "SELECT id FROM conversations WHERE owner = 'anna' AND deleted = '' ORDER BY changed DESC"
        assert "conversations_of_owner" in str(db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())


def test_a_question_asked_anew_leaves_the_conversation_as_it_was_in_the_trash(catalogue: Catalogue) -> None:
    first, second, third = turn("one?"), replace(turn("two?"), scope=""), replace(turn("three?"), scope="")
    second, third = replace(second, scope=first.id), replace(third, scope=second.id)
    for each in (first, second, third):
        kept.save_turn(catalogue, "anna", "c", each, {"1": CUTOUT, ASKED: SHOT})
    kept.set_scope(catalogue, "anna", "c", second.id)
    with pytest.raises(UnknownConversation):
        kept.set_aside(catalogue, "bert", "c", second.id, "mine?")
    assert kept.set_aside(catalogue, "anna", "c", "no such turn", "four?") is None
    earlier = kept.set_aside(catalogue, "anna", "c", second.id, "four?")
    assert earlier is not None and earlier.deleted
    assert kept.turn_ids(catalogue, "c") == (first.id,)
    assert kept.conversation(catalogue, "anna", "c")[2:3] == ("one?",)
    assert kept.conversation(catalogue, "anna", "c").scope == ""
    back = kept.read(catalogue, "anna", kept.restore(catalogue, "anna", earlier.id).id)
    assert [each.question for each in back] == ["one?", "two?", "three?"]
    assert [each.scope for each in back] == ["s", back[0].id, back[1].id]
    assert [each.pictures for each in back] == [{"1", ASKED}] * 3
    assert kept.conversation(catalogue, "anna", earlier.id).scope == second.id
    assert all(kept.picture(catalogue, "anna", each.id, "1") == CUTOUT for each in back)
    kept.save_turn(catalogue, "anna", "c", turn("four?"), {})
    assert [each.question for each in kept.read(catalogue, "anna", "c")] == ["one?", "four?"]
    assert catalogue.violations() == []


def test_a_first_question_asked_anew_gives_its_name_and_what_was_never_answered_is_not_kept(
    catalogue: Catalogue,
) -> None:
    failed = replace(turn("typo?"), status="failed", text="", answer=None)
    kept.save_turn(catalogue, "anna", "c", failed, {ASKED: SHOT})
    assert kept.set_aside(catalogue, "anna", "c", failed.id, "right?") is None
    assert kept.listed(catalogue, "anna", trash=True) == []
    kept.save_turn(catalogue, "anna", "c", turn("right?"), {})
    assert [row.title for row in kept.listed(catalogue, "anna")] == ["right?"]
    kept.rename(catalogue, "anna", "c", "My own title")
    kept.set_aside(catalogue, "anna", "c", kept.turn_ids(catalogue, "c")[0], "other?")
    assert [row.title for row in kept.listed(catalogue, "anna")] == ["My own title"]
    with catalogue.reading() as db:
        assert db.execute("SELECT COUNT(*) FROM conversation_pictures").fetchone()[0] == 0
