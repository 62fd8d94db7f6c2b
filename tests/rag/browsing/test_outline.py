"""Headings in the order of their section numbers, where a page was read across its columns."""

from __future__ import annotations

import pytest

from rag.browsing.outline import Heading, in_order


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        (
            "1 Safety|1.1 Who|1.4 After|Note|1.2 Before|1.3 Tilting",
            "1 Safety|1.1 Who|1.2 Before|1.3 Tilting|1.4 After|Note",
        ),
        ("2.10 Last|2.9 Before|2.9.1 Under it|2.9.2 Too", "2.9 Before|2.9.1 Under it|2.9.2 Too|2.10 Last"),
        ("3 pieces|1 piece|2.4 V supply|2.4 V again", "3 pieces|1 piece|2.4 V supply|2.4 V again"),
        ("3.2 End|4 Next|4.1 Begin|3.1 Odd", "3.2 End|4 Next|4.1 Begin|3.1 Odd"),
        ("Only words|In this order", "Only words|In this order"),
    ],
)
def test_sections_of_one_parent_are_in_order_and_others_stay(read: str, shown: str) -> None:
    headings = [Heading(0, text, 3, 0.1) for text in read.split("|")]
    assert [heading.text for heading in in_order(headings)] == shown.split("|")


def test_each_page_for_itself() -> None:
    read = [Heading(1, "1.2 Here", 1, 0.5), Heading(1, "1.1 There", 2, 0.1)]
    assert in_order(read) == read
