"""The names by which measures, and the ways in which questions are made, are chosen: values alone, so that a command
line can offer them without anything that measures.
"""

from __future__ import annotations

from typing import Literal, get_args

RECALL_AT = (1, 3, 5, 10)
PRECISION_AT = (1, 5, 10)
COVER_AT = (5, 10)
REGION_AT = (1, 5, 10)
OF_PAGES = (
    *(f"R@{k}" for k in RECALL_AT),
    "MRR@10",
    "nDCG@10",
    *(f"P@{k}" for k in PRECISION_AT),
    *(f"{name}@{k}" for name in ("cover", "many") for k in COVER_AT),
)
"""Measures that look at pages alone, so that a ranking of pages without boxes has them, too."""

FLIPS = (*(f"R@{k}" for k in RECALL_AT), *(f"region@{k}" for k in REGION_AT))  # met by a question or not
FLIP = "R@5"  # the one whose flips are listed unless another is asked for

Way = Literal["caption", "words", "mention", "picture"]  # what a question about a figure or table is made from
WAYS: tuple[Way, ...] = get_args(Way)
