"""Child processes that read pages: limits, losses, order, and nothing left behind."""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from make_pdfs import text_pages

from ingestion.elements import Document
from ingestion.errors import Cancelled, CorruptPdf, EncryptedPdf, IngestionError, LimitExceeded
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.workers.child import Limits, PageAsked
from ingestion.workers.parse import LIKELY_LONG, Workers, parse_in_worker
from ingestion.workers.serialize import packed, unpacked

ROOT = Path(__file__).resolve().parents[3]
QUICK = Limits(page_seconds=1.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.pdf"
    path.write_bytes(b"%PDF-1.4 only its bytes are hashed here")
    return path


def run(file: Path, reader: str, limits: Limits | None = None, processes: int = 1, **given: Any) -> Document:
    with Workers(processes, reader) as workers:
        return parse_in_worker(file, file.parent, limits=limits or Limits(), workers=workers, **given)


def readers_of(folder: Path) -> dict[int, list[str]]:
    """Page to the ids of the processes that began to read it."""
    found: dict[int, list[str]] = {}
    for note in folder.glob("read-*"):
        _, number, _, pid = note.name.split("-")
        found.setdefault(int(number), []).append(pid)
    return found


def children() -> set[int]:
    return {p.pid for p in psutil.Process().children(recursive=True)}


def wait_for(happened: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def test_the_real_reader_gives_what_parsing_here_gives(tmp_path: Path) -> None:
    path = text_pages(tmp_path, 2)
    there = parse_in_worker(path, tmp_path / "there", ParseOptions(ocr="off"))
    here = parse_pdf(path, tmp_path / "here", ParseOptions(ocr="off"))
    assert there == here
    assert (tmp_path / "there" / "pages" / "0002.jpg").stat().st_size > 0


def test_pages_come_back_in_order_from_two_processes_whatever_libraries_print(file: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    document = run(file, "odd_readers:Noisy", processes=2, progress=lambda *step: heard.append(step))
    assert [page.number for page in document.pages] == list(range(1, 11))
    assert [page.width for page in document.pages] == [100.0 + n for n in range(1, 11)]
    assert heard == [("reading", done, 10) for done in range(11)]
    assert document.problems == ()
    assert len({pids[0] for pids in readers_of(file.parent).values()}) <= 2


def test_a_crash_a_hang_and_greed_cost_one_page_each(file: Path) -> None:
    before, handles = children(), psutil.Process().num_fds()
    document = run(file, "odd_readers:Trouble", QUICK)
    problems = {problem.page: problem for problem in document.problems}
    assert sorted(problems) == [3, 4, 5, 6, 7]
    assert problems[3].stage == "crash" and "SIGSEGV" in problems[3].message
    assert problems[4].stage == "memory" and "6 GB" in problems[4].message
    assert "PAGESIGHT_MEMORY_GB" in problems[4].message
    assert problems[5].stage == "time" and "1 s" in problems[5].message
    assert "PAGESIGHT_PAGE_SECONDS" in problems[5].message
    assert "RuntimeError: code=7: cannot find object in xref" in problems[6].message
    assert "\n" not in problems[6].message
    assert problems[7].message == "page 7 cannot be loaded; export it again (it is lost)"
    assert [page.width for page in document.pages if page.number not in problems] == [101.0, 102.0, 108.0, 109.0, 110.0]
    assert children() == before and psutil.Process().num_fds() == handles


def test_what_can_be_had_of_a_lost_page_is_kept(file: Path) -> None:
    document = run(file, "odd_readers:Heavy", QUICK)
    assert [page.width for page in document.pages] == [100.0 + n for n in range(1, 11)]
    assert [(p.page, p.stage, p.message.rpartition(" (")[2]) for p in document.problems] == [
        (2, "time", "only its text and picture are kept)"),
        (3, "time", "only its size is kept)"),
        (4, "read", "only its text and picture are kept)"),
    ]


def test_a_page_that_ends_a_used_process_gets_a_fresh_one(file: Path) -> None:
    document = run(file, "odd_readers:Tired")
    assert document.problems == ()
    assert len({pid for pids in readers_of(file.parent).values() for pid in pids}) == 4


def test_a_process_is_replaced_after_its_share_of_pages(file: Path) -> None:
    run(file, "odd_readers:Pages", Limits(pages_per_worker=4))
    by = [pids[0] for _, pids in sorted(readers_of(file.parent).items())]
    assert [by.count(pid) for pid in dict.fromkeys(by)] == [4, 4, 2]


def test_a_process_that_has_grown_is_replaced(file: Path) -> None:
    run(file, "odd_readers:FewPages", Limits(resident_gb=0.01))
    assert len({pids[0] for pids in readers_of(file.parent).values()}) == 3


def test_a_file_that_only_hangs_is_given_up(file: Path) -> None:
    document = run(file, "odd_readers:Hanging", Limits(page_seconds=0.5, lost_in_a_row=2))
    assert [problem.stage for problem in document.problems] == ["time", "time", *["read"] * 8]
    assert "was not tried" in document.problems[5].message


def test_a_hang_without_work_ends_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "plain_seconds", 0.2)  # for what can be had of the page without its layout
    document = run(file, "odd_readers:Sleeping", Limits(page_seconds=0.5, lost_in_a_row=1))
    assert document.problems[0].stage == "time"


@pytest.mark.parametrize(
    ("reader", "error", "words"),
    [
        ("odd_readers:HangsOpening", LimitExceeded, ["some.pdf", "1 s", "PAGESIGHT_PAGE_SECONDS"]),
        ("odd_readers:CrashesOpening", CorruptPdf, ["some.pdf", "SIGSEGV", "PAGESIGHT_MEMORY_GB"]),
        ("odd_readers:GreedyOpening", LimitExceeded, ["some.pdf", "6 GB", "PAGESIGHT_MEMORY_GB"]),
        ("odd_readers:RaisesOpening", CorruptPdf, ["some.pdf", "KeyError"]),
        ("odd_readers:Locked", EncryptedPdf, ["some.pdf is encrypted"]),
    ],
)
def test_a_file_that_cannot_be_opened_is_an_error_that_names_it(
    file: Path, reader: str, error: type[Exception], words: list[str]
) -> None:
    with pytest.raises(error) as caught:
        run(file, reader, QUICK)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_full_disk_ends_the_document(file: Path) -> None:
    with pytest.raises(OSError, match=r"0001\.jpg") as caught:
        run(file, "odd_readers:DiskFull")
    assert caught.value.errno == errno.ENOSPC


def test_cancelling_kills_the_children(file: Path) -> None:
    before, cancel = children(), threading.Event()

    def stop_when_reading() -> None:
        wait_for(lambda: readers_of(file.parent))
        cancel.set()

    threading.Thread(target=stop_when_reading).start()
    with pytest.raises(Cancelled, match=r"some\.pdf"):
        run(file, "odd_readers:Hanging", processes=2, cancel=cancel)
    assert children() == before


def refuse_page_two(stage: str, done: int, total: int) -> None:
    if done == 2:
        raise RuntimeError("the window was closed")


def test_what_progress_raises_ends_the_run(file: Path) -> None:
    before = children()

    with pytest.raises(RuntimeError, match="closed"):
        run(file, "odd_readers:Pages", progress=refuse_page_two)
    assert children() == before


def test_children_see_no_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERTEST_API_KEY", "sk-secret")
    monkeypatch.setenv("WORKERTEST_PLAIN", "1")
    assert run(file, "odd_readers:Environment").pages[0].label == "WORKERTEST_PLAIN"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux only")
def test_no_child_outlives_a_killed_parent(file: Path) -> None:
    """From a script without a __main__ guard, in a thread, while the page hangs."""
    script = (
        "import sys, threading; from pathlib import Path\n"
        "from ingestion.workers.parse import LIKELY_LONG, Workers, parse_in_worker\n"
        "path = Path(sys.argv[1])\n"
        "workers = Workers(1, 'odd_readers:Hanging')\n"
        "work = lambda: parse_in_worker(path, path.parent, workers=workers)\n"
        "threading.Thread(target=work).start()\n"
    )
    here = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")])
    with subprocess.Popen([sys.executable, "-c", script, str(file)], env={**os.environ, "PYTHONPATH": here}) as parent:
        try:
            wait_for(lambda: readers_of(file.parent))
        finally:
            parent.send_signal(signal.SIGKILL)
    pid = int(readers_of(file.parent)[1][0])
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 10)


def test_processes_are_kept_between_documents(file: Path) -> None:
    before = children()
    with Workers(2, "odd_readers:FewPages") as workers:
        for name in ("a", "b", "c"):
            (out := file.parent / name).mkdir()
            assert len(parse_in_worker(file, out, workers=workers).pages) == 3
        pids = {pid for name in ("a", "b", "c") for [pid] in readers_of(file.parent / name).values()}
    assert len(pids) == 1
    assert children() == before


def test_a_process_that_was_lost_is_not_kept(file: Path) -> None:
    with Workers(1, "odd_readers:Trouble") as workers:
        for name in ("a", "b"):
            (out := file.parent / name).mkdir()
            document = parse_in_worker(file, out, limits=QUICK, workers=workers)
            assert [problem.page for problem in document.problems] == [3, 4, 5, 6, 7]


def test_a_file_that_ends_a_used_process_gets_a_fresh_one(file: Path) -> None:
    with Workers(1, "odd_readers:OpensOnce") as workers:
        for name in ("a", "b"):
            (out := file.parent / name).mkdir()
            assert parse_in_worker(file, out, workers=workers).problems == ()


def test_a_file_that_is_refused_costs_no_process(file: Path) -> None:
    with Workers(1, "odd_readers:Picky") as workers:
        for _ in range(2):
            with pytest.raises(EncryptedPdf):
                parse_in_worker(file, file.parent, workers=workers)
        path = file.with_name("open.pdf")
        path.write_bytes(b"%PDF-1.4")
        parse_in_worker(path, file.parent, workers=workers)
    assert {pid for [pid] in readers_of(file.parent).values()} == {
        note.read_text() for note in file.parent.glob("refused")
    }


def test_documents_at_once_share_the_processes(file: Path) -> None:
    with Workers(2, "odd_readers:Pages") as workers, ThreadPoolExecutor(3) as threads:
        folders = [file.parent / name for name in ("a", "b", "c")]
        for out in folders:
            out.mkdir()
        found = [threads.submit(parse_in_worker, file, out, workers=workers) for out in folders]
        assert [len(job.result().pages) for job in found] == [10, 10, 10]
    assert len({pid for out in folders for [pid] in readers_of(out).values()}) <= 2


def test_cancelling_one_document_leaves_the_others_their_process(file: Path) -> None:
    cancel = threading.Event()
    with Workers(1, "odd_readers:Pages") as workers:
        with pytest.raises(RuntimeError, match="closed"):
            parse_in_worker(file, file.parent, progress=refuse_page_two, workers=workers)
        cancel.set()
        with pytest.raises(Cancelled):
            parse_in_worker(file, file.parent, workers=workers, cancel=cancel)
        assert len(parse_in_worker(file, file.parent, workers=workers).pages) == 10


def unlucky(file: Path, options: ParseOptions = ParseOptions()) -> Document:  # noqa: B008
    return run(file, "odd_readers:Unlucky", options=options)


def test_a_stopped_run_goes_on_where_it_was(file: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        unlucky(file)
    torn = file.parent / "read" / "0005"
    torn.write_bytes(torn.read_bytes()[:40])
    (file.parent / "luck").touch()
    document = unlucky(file)
    assert [page.width for page in document.pages] == [100.0 + n for n in range(1, 11)]
    assert {number for number, pids in readers_of(file.parent).items() if len(pids) == 2} == {5}
    assert not (file.parent / "read").exists()


def test_other_bytes_or_options_begin_anew(file: Path) -> None:
    for content in (b"", b"%PDF-1.5"):
        with pytest.raises(OSError, match="No space"):
            unlucky(file)
        stale = [file.parent / "crops" / name for name in ("0001-000.jpg", "0001-000.webp")]  # of now, of before
        stale[0].parent.mkdir(exist_ok=True)
        for path in stale:
            path.touch()
        if content:
            file.write_bytes(content)
        with pytest.raises(OSError, match="No space"):
            unlucky(file, ParseOptions(ocr="off"))
        assert not any(path.exists() for path in stale)
    assert {len(pids) for number, pids in readers_of(file.parent).items()} == {4}


def test_a_kept_page_cannot_run_code(file: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        unlucky(file)
    (file.parent / "read" / "0001").write_bytes(b"cos\nmkdir\n(S'" + str(file.parent / "harm").encode() + b"'\ntR.")
    (file.parent / "luck").touch()
    assert len(unlucky(file).pages) == 10
    assert not (file.parent / "harm").exists()


def test_what_is_not_ours_stays_in_the_folder(file: Path) -> None:
    own = [file.parent / name for name in ("read/important.txt", "pages/holiday.webp", "crops/plan-1.jpg")]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    with pytest.raises(IngestionError, match=r"read has things in it.*move it away"):
        run(file, "odd_readers:Pages")
    assert all(path.read_text() == "mine" for path in own)
    own.pop(0).unlink()
    with pytest.raises(OSError, match="No space"):
        unlucky(file)
    own.append(file.parent / "read" / "important.txt")
    own[-1].write_text("mine")
    (file.parent / "luck").touch()
    assert len(unlucky(file).pages) == 10
    assert all(path.read_text() == "mine" for path in own)
    assert [path.name for path in (file.parent / "read").iterdir()] == ["important.txt"]


@pytest.mark.parametrize("forger", ["odd_readers:Forger", "odd_readers:Endless", "odd_readers:Stranger"])
def test_a_forged_answer_is_refused_and_runs_nothing(file: Path, forger: str) -> None:
    document = run(file, forger, Limits(lost_in_a_row=1))
    assert document.problems[0].stage == "crash" and "its answer was refused" in document.problems[0].message
    assert not (file.parent / "harm").exists()


@pytest.mark.parametrize(
    "name", ["builtins.eval", "os.mkdir", "ingestion.workers.pool.Path", "ingestion.workers.serialize.builtins"]
)
def test_bytes_build_values_of_this_package_alone(name: str) -> None:
    module, _, what = name.rpartition(".")
    with pytest.raises(pickle.UnpicklingError, match="no value of this package"):
        unpacked(f"c{module}\n{what}\n.".encode())
    asked = PageAsked(3, "whole")
    assert unpacked(packed((asked, OSError(errno.ENOSPC, "full", "a"), CorruptPdf("b"))))[0] == asked


def test_pages_without_a_limit_of_time_are_read(file: Path) -> None:
    endless = Limits(page_seconds=float("inf"), memory_gb=float("inf"))
    assert len(run(file, "odd_readers:FewPages", endless).pages) == 3


def test_only_the_pages_asked_for_are_read(file: Path) -> None:
    document = run(file, "odd_readers:Pages", options=ParseOptions(pages=(4, 6)))
    assert [page.number for page in document.pages] == [4, 5, 6] == sorted(readers_of(file.parent))


@pytest.mark.parametrize(
    ("asked", "cores", "given"), [("", 6, "3"), ("2", 6, "2"), ("8", 6, "3"), ("1", 1, "1"), ("4,2", 6, "3")]
)
def test_processes_share_the_cores_and_take_no_more_threads_than_were_asked_for(
    file: Path, monkeypatch: pytest.MonkeyPatch, asked: str, cores: int, given: str
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr("ingestion.workers.pool._cores", lambda: cores)
    assert run(file, "odd_readers:Threads", processes=2).pages[0].label == given


def test_models_keep_to_the_threads_a_process_is_given() -> None:
    script = (
        "import onnxruntime\n"
        "made, build = [], onnxruntime.InferenceSession.__init__\n"
        "def noted(self, *given, **named):\n"
        "    build(self, *given, **named)\n"
        "    made.append(self.get_session_options().intra_op_num_threads)\n"
        "onnxruntime.InferenceSession.__init__ = noted\n"
        "import ingestion.pdf.document\n"
        "print(made)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    seen = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert seen.stdout.strip() not in ("", "[]")
    assert set(json.loads(seen.stdout)) == {1}


def test_a_large_file_has_the_other_processes_ready_before_it_is_open(file: Path) -> None:
    before = children()
    with Workers(3, "odd_readers:FewPages") as workers:
        (small := file.parent / "small").mkdir()
        parse_in_worker(file, small, workers=workers)
        assert len(children() - before) == 1
        with file.open("ab") as grown:
            grown.write(bytes(LIKELY_LONG))
        parse_in_worker(file, file.parent, workers=workers)
        wait_for(lambda: len(children() - before) == 3)
        pids = children()
        taken = [workers.take() for _ in range(3)]
        workers.warm()  # none is missing
        assert children() == pids
        for child in taken:
            workers.give_back(child)
    assert children() == before
