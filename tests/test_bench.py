"""The benchmark's report, on made results, and its readers, on made pages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from make_pdfs import encrypted, text_pages

from benchmarks.bench import Cost, Row, failures, measured, pdfs_in, row_of, table, what_to_read
from benchmarks.bench_picture import drawn
from benchmarks.contestants import CONTESTANTS, Contestant, Found, Wanted, page_span, words_in

MIB = 2**20
ROWS = [
    Row("pagesight", 2, 3.456, 0.5, 700.4 * MIB, 0.9876, 3, 12),
    Row("other <reader>", 1, 1.0, 2.0, 90 * MIB, 1.0, 0, 0),
    Row("third", missing="not installed: pip install third"),
]


def test_a_line_is_the_medians_of_the_runs_and_the_share_of_words_that_came_out() -> None:
    found = Found(4, words_in("The pump, the valve"), tables=1, figures=2)
    costs = [Cost(seconds, 2 * seconds, int(seconds * MIB), found) for seconds in (8.0, 2.0, 4.0)]
    row = row_of("one", 2, costs, words_in("The pump; a valve"))
    assert row == Row("one", 2, speed=1.0, processor=2.0, peak=4 * MIB, kept=0.75, tables=1, figures=2)


def test_the_table_says_what_is_not_installed() -> None:
    assert list(table(ROWS))[2:] == [
        "| pagesight | 2 | 3.46 | 0.500 | 700 | 98.8% | 3 | 12 |",
        "| other <reader> | 1 | 1.00 | 2.000 | 90 | 100.0% | 0 | 0 |",
        "| third | not installed: pip install third | | | | | | |",
    ]


def test_a_package_or_a_program_that_is_not_there_is_named() -> None:
    run = CONTESTANTS["pagesight"].run
    assert (
        Contestant("a", "no_such_package", run, distribution="no-such").missing == "not installed: pip install no-such"
    )
    assert Contestant("a", "json", run, "no-such-program").missing == "needs no-such-program, which is not installed"
    assert CONTESTANTS["pagesight"].missing == ""


def test_the_picture_is_xml_with_a_bar_for_each_figure() -> None:
    picture = etree.fromstring(drawn(ROWS, "2 pages\na & b"))
    name = "{http://www.w3.org/2000/svg}"
    widths = [float(bar.get("width", "0")) for bar in picture.iter(f"{name}rect")][1:]
    assert widths == [pytest.approx(widths[0]), pytest.approx(widths[0] / 3.456, abs=0.1), widths[3] / 4, widths[3]]
    said = [text.text for text in picture.iter(f"{name}text")]
    assert {"other <reader>, 1 worker", "pagesight, 2 workers", "3.46", "a & b"} <= set(said)


def test_pages_and_words_are_read_once_and_what_cannot_be_opened_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, locked = text_pages(tmp_path, 3), encrypted(tmp_path)
    wanted, words = what_to_read(pdfs_in([tmp_path]), page_span("2-9"))
    assert wanted == [Wanted(whole, 2, 3)]
    assert (wanted[0].pages, words["chapter"], words["1"]) == (2, 2, 0)
    assert f"{locked} is left out" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="name a file"):
        pdfs_in([tmp_path / "nothing"])


def test_a_reader_in_its_own_process_answers_with_words_and_failures(tmp_path: Path) -> None:
    good, bad = text_pages(tmp_path, 2), tmp_path / "bad.pdf"
    bad.write_bytes(b"no PDF")
    cost = measured(CONTESTANTS["pdfplumber"], [Wanted(good, 1, 2), Wanted(bad, 1, 1)], 1, "off")
    assert (cost.found.pages, cost.found.words["chapter"]) == (2, 2)
    assert min(cost.seconds, cost.processor, cost.peak) > 0
    assert [line.partition(":")[0] for line in failures({("pdfplumber", 1): [cost]})] == ["pdfplumber, bad.pdf"]


def test_what_came_out_goes_over_the_pipe_whole() -> None:
    found = Found(2, Counter(a=1), 3, 4, ("x.pdf: why",))
    assert Found.of_json(found.as_json()) == found
    assert found.beside(found) == Found(4, Counter(a=2), 6, 8, ("x.pdf: why", "x.pdf: why"))
