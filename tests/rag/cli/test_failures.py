"""Every failure on the command line is one line, with the right exit code."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, run
from reportlab.pdfgen.canvas import Canvas

from rag.storage.files.document_files import PARSER
from rag.storage.tables.connections import WRITE_LOCK


def test_bad_files_fail_one_by_one_and_the_rest_goes_on(call: Any, manual_pdf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(manual_pdf, folder / "good.pdf")
    (folder / "empty.pdf").touch()
    (folder / "page.pdf").write_text("<html>not a PDF</html>")
    (folder / "cut.pdf").write_bytes(manual_pdf.read_bytes()[:200])
    (folder / "notes.txt").write_text("ignored")
    result = call("add", folder, tmp_path / "nowhere.pdf", "--index", tmp_path / "index", "--json")
    assert result.code == 1
    status = {row["doc"]: row for row in result.rows}
    assert status["good.pdf"]["status"] == "added"
    bad = ("empty.pdf", "page.pdf", "cut.pdf", "nowhere.pdf")
    assert all(status[name]["status"] == "failed" and name in status[name]["error"] for name in bad)
    assert "notes.txt" not in status
    assert "1 added" in result.err
    assert "4 failed" in result.err
    assert call("list", "--index", tmp_path / "index", "--json").rows[0]["name"] == "good.pdf"


def test_an_encrypted_file_wants_its_password(call: Any, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    canvas = Canvas(str(locked), encrypt="sesame")
    canvas.drawString(72, 700, "The safe is behind the painting.")
    canvas.save()
    without = call("add", locked, "--index", tmp_path / "index")
    assert without.code == 1
    assert "locked.pdf" in without.err
    assert "--password" in without.err
    assert call("add", locked, "--password", "sesame", "--index", tmp_path / "index").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask",), "no question"),
        (("search", "   "), "no question"),
        (("ask", "x" * 100_000), "100,000 characters"),
        (("search", "x" * 100_000), "100,000 characters"),
        (("ask", "Why?", "--doc", "lagoon-manul"), "lagoon-manual.pdf"),
        (("remove", "nothing-like-it"), "No document called 'nothing-like-it'"),
        (("search", "--image", "gone.png"), "gone.png"),
        (("search", "--image", __file__), "test_failures.py is not a picture that can be read"),
        (("rollback",), "no earlier generation"),
        (("reindex", "--encoder", "no/such/model/at-all"), "no/such/model/at-all"),
        (("eval", "gone.jsonl"), "gone.jsonl"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_that_names_the_thing(
    library: Path, call: Any, arguments: tuple[str, ...], words: str
) -> None:
    assert words in call(*arguments, "--index", library).complaint


def test_without_an_index_the_line_says_how_to_make_one(call: Any, tmp_path: Path) -> None:
    for arguments in (("list",), ("status",), ("ask", "Why?"), ("remove", "x"), ("reindex",)):
        complaint = call(*arguments, "--index", tmp_path / "none").complaint
        assert "no index" in complaint
        assert "python -m rag add" in complaint
    assert not (tmp_path / "none").exists()


def test_another_encoder_than_the_index_has_names_reindex(library: Path, call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_WORDS", "off")
    monkeypatch.setenv("PAGESIGHT_ENCODER", "no/folder")
    complaint = call("search", "Why?", "--index", library).complaint
    assert "PAGESIGHT_ENCODER" in complaint


def test_a_busy_index_names_the_process_that_writes(call: Any, own_library: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("rag.disk.LOCK_SECONDS", 0.1)
    code = (
        "import sys; from pathlib import Path; from rag.disk import locked\n"
        "with locked(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(own_library / WRITE_LOCK)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout and writing.stdout.readline()
        complaint = call("remove", "site-note", "--index", own_library).complaint
        writing.communicate(timeout=60)
    assert str(writing.pid) in complaint and "try again" in complaint


def test_bad_settings_name_the_variable(call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_BATCH", "many")
    assert "PAGESIGHT_BATCH is 'many'" in call("list").complaint


@pytest.mark.parametrize("arguments", [(), ("fly",), ("search", "x", "-k", "0"), ("search", "x", "--pages", "9-2")])
def test_wrong_usage_is_exit_code_2(call: Any, arguments: tuple[str, ...]) -> None:
    result = call(*arguments)
    assert result.code == 2
    assert "usage: python -m rag" in result.err


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    result = run("list", "--index", tmp_path / "none", "--debug")
    assert result.code == 1
    assert "Traceback" in result.err


def test_a_reader_that_goes_away_is_no_traceback(library: Path) -> None:
    command = [sys.executable, "-m", "rag", "search", "pump", "--index", str(library), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""
    assert process.returncode == 1


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


PAGES = 60  # so many that reading them goes on long after the third is seen


def test_an_interrupt_ends_with_130_and_leaves_a_whole_index(own_library: Path, call: Any, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "long.pdf"))
    for number in range(PAGES):
        canvas.drawString(72, 700, f"Page {number} of a long document.")
        canvas.showPage()
    canvas.save()
    command = [sys.executable, "-m", "rag", "add", str(tmp_path / "long.pdf"), "--index", str(own_library)]
    # a shell that runs the tests in the background has its children ignore SIGINT
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts)
    deadline = time.monotonic() + 240
    while (
        not any((own_library / "reading").glob("*/read/0003"))
        and process.poll() is None
        and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert "Interrupted" in said
    assert len(call("list", "--index", own_library, "--json").rows) == 2
    (reading,) = (own_library / "reading").iterdir()
    kept = {page.name for page in reading.glob("read/0*")}
    whole = (
        reading / PARSER
    ).exists()  # the signal came as the last page had been read: the pages are kept as a document
    pictures = [page for page in reading.glob("pages/*.jpg") if whole or page.stem in kept]
    read_before = {page.name: page.stat().st_mtime_ns for page in pictures}
    call("add", tmp_path / "long.pdf", "--index", own_library)
    row = next(row for row in call("list", "--index", own_library, "--json").rows if row["name"] == "long.pdf")
    assert row["pages"] == PAGES
    pages = own_library / "files" / row["id"] / "pages"
    assert {name: (pages / name).stat().st_mtime_ns for name in read_before} == read_before != {}
    assert not any((own_library / "reading").iterdir())


@pytest.mark.parametrize(
    ("words", "meant"),
    [(["serch", "fan"], "search"), (["trash", "emtpy"], "empty"), (["ask", "--kind", "tabel", "x"], "table")],
)
def test_a_misspelt_word_is_answered_with_the_one_that_was_meant(call: Any, words: list[str], meant: str) -> None:
    wrong = call(*words)
    assert wrong.code == 2 and f"did you mean {meant}?" in wrong.err
    assert "choose from" in call("zzzz").err


@pytest.mark.parametrize("word", ["user", "token", "trash"])
def test_what_can_be_listed_is_listed_where_nothing_else_is_said(call: Any, word: str, tmp_path: Path) -> None:
    where = ("--index", tmp_path / "none")
    assert call(word, *where) == call(word, "list", *where)
    assert call(word, *where, "--json") == call(word, "--json", "list", *where)


def test_without_a_command_all_of_them_are_shown(call: Any) -> None:
    alone = call()
    assert alone.code == 2 and alone.out == ""
    assert "ask an answer with its evidence" in " ".join(alone.err.split()) and "name a COMMAND" in alone.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--index", "a", "list"), "options come after it: python -m rag COMMAND --index"),
        (("--index=a", "list"), "options come after it"),
        (("ask", "--docs", "aurora", "How hot?"), "there is no option --docs; did you mean --doc?"),
        (("trash", "list", "--jason"), "there is no option --jason; did you mean --json?"),
        (("list", "--colour"), "there is no option --colour; -h after the command lists all"),
        (("ask", "How", "hot?"), "hot?: too much; put words that belong together in quotation marks"),
    ],
)
def test_an_option_in_the_wrong_place_or_of_another_name_is_told_the_right_one(
    line: tuple[str, ...], said: str, call: Any
) -> None:
    wrong = call(*line)
    assert wrong.code == 2 and said in " ".join(wrong.err.split())
