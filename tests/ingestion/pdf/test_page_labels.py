"""Page labels that a file carries."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.pdf.document import Pdf
from ingestion.pdf.page_labels import number_in

PAGES = 54


def labelled(folder: Path, tree: str, *objects: str) -> Path:
    """A PDF of :data:`PAGES` pages; ``{0}``, ``{1}`` in a tree or an object stand for the numbers of ``objects``."""
    made = pymupdf.open()
    for _ in range(PAGES):
        made.new_page(width=200, height=200)
    numbers = [made.get_new_xref() for _ in objects]
    for number, text in zip(numbers, objects, strict=True):
        made.update_object(number, _filled(text, numbers))
    made.xref_set_key(made.pdf_catalog(), "PageLabels", _filled(tree, numbers))
    path = folder / "labelled.pdf"
    made.save(path)
    return path


def _filled(text: str, numbers: list[int]) -> str:
    for place, number in enumerate(numbers):
        text = text.replace(f"{{{place}}}", f"{number} 0 R")
    return text


def labels(path: Path, *pages: int) -> list[str]:
    with Pdf(path) as pdf:
        return [pdf.page(page).label for page in pages]


@pytest.mark.parametrize(
    ("tree", "objects", "wanted"),
    [
        pytest.param("<</Nums[0<</S/a>>]>>", (), ["a", "z", "aa", "bb", "bbb"], id="letters"),
        pytest.param("<</Nums[0<</S/A/St 26>>]>>", (), ["Z", "YY", "ZZ", "AAA", "AAAA"], id="letters-from-z"),
        pytest.param("<</Nums[0<</S/r>>]>>", (), ["i", "xxvi", "xxvii", "xxviii", "liv"], id="roman"),
        pytest.param("<</Nums[0<</S/R/St 1990>>]>>", (), ["MCMXC", "MMXV", "MMXVI", "MMXVII", "MMXLIII"], id="years"),
        pytest.param(
            "<</Nums[0<</S/D/P<FEFF00DC002D>>>]>>", (), ["Ü-1", "Ü-26", "Ü-27", "Ü-28", "Ü-54"], id="utf-16-prefix"
        ),
        pytest.param(r"<</Nums[0<</S/D/P(A\(1\)-)>>]>>", (), ["A(1)-1", "A(1)-26", "A(1)-27", "A(1)-28", "A(1)-54"]),
        pytest.param(r"<</Nums[0<</S/D/P(\374 )>>]>>", (), ["ü 1", "ü 26", "ü 27", "ü 28", "ü 54"], id="octal"),
        pytest.param("<</Nums[0<</S/D/P {0}>>]>>", ("(Q-)",), ["Q-1", "Q-26", "Q-27", "Q-28", "Q-54"], id="reference"),
        pytest.param(
            "<</Kids[{0} {1}]>>",
            (
                "<</Limits[0 0]/Nums[0 <</P(Cover)>>]>>",
                "<</Limits[1 27]/Nums[1 {2} 27<</S/D/P(B-)/St 5>>]>>",
                "<</S/r>>",
            ),
            ["Cover", "xxv", "xxvi", "B-5", "B-31"],
            id="branches",
        ),
        pytest.param("<</Nums[27<</S/D>>]>>", (), ["", "", "", "1", "27"], id="starts-late"),
        pytest.param("<</Nums[0(no range) 1<</S/X>>]>>", (), [""] * 5, id="nonsense"),
        pytest.param("<</Kids[{0}]>>", ("<</Kids[{0}]/Nums[0<</S/D>>]>>",), ["1", "26", "27", "28", "54"], id="circle"),
    ],
)
def test_labels_are_what_the_standard_says(
    tmp_path: Path, tree: str, objects: tuple[str, ...], wanted: list[str]
) -> None:
    assert labels(labelled(tmp_path, tree, *objects), 1, 26, 27, 28, PAGES) == wanted


def test_a_count_that_would_be_written_in_thousands_of_letters_is_written_in_digits() -> None:
    assert number_in("a", 26 * 12) == "z" * 12
    assert number_in("a", 10**9) == "1000000000"
    assert number_in("R", 2**31 - 1) == "2147483647"
