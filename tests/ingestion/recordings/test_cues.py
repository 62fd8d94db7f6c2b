"""Moments, pages and passages of what is said. Pure."""

from __future__ import annotations

import pytest

from ingestion.recordings.cues import Cue, Span, around, clock, passages, span_of, spans


def test_moments_are_written_and_read_as_players_show_them() -> None:
    assert [clock(s) for s in (0, 59.9, 200, 3599, 3723.4, 360_000)] == [
        *("00:00", "00:59", "03:20", "59:59", "1:02:03", "100:00:00")
    ]
    assert Span(200, 260.7).label == "03:20–04:20"
    assert span_of("03:20–04:20") == Span(200, 260) and span_of("59:30–1:00:30") == Span(3570, 3630)


@pytest.mark.parametrize("label", ["", "12", "xii", "16–17", "A-3", "3:20–4:20", "03:20", "03:20–04:20 "])
def test_labels_of_printed_pages_are_no_times(label: str) -> None:
    assert span_of(label) is None


def test_a_page_ends_where_nobody_speaks() -> None:
    cues = [Cue(0, 38, "a"), Cue(44, 59, "b"), Cue(59.5, 80, "c")]
    assert spans(80, cues)[0] == Span(0, 41)
    assert spans(80, [])[0] == Span(0, 60) and spans(65, []) == [Span(0, 32.5), Span(32.5, 65)]


def test_passages_end_with_sentences_and_pauses() -> None:
    parts = ["Switch it off and wait until", "the drum has come to rest,", "for two minutes.", "Then open"]
    cues = [Cue(2 * n, 2 * n + 2, text) for n, text in enumerate(parts)]
    joined = passages([*cues, Cue(20, 21, "the door.")])
    assert [(one.start, one.end) for one in joined] == [(0, 6), (6, 8), (20, 21)]
    assert joined[0].text == " ".join(parts[:3])
    assert len(passages([Cue(n, n + 1, "word " * 9) for n in range(30)])) == 5
    assert around(cues, 3, 0.5) == parts[1] and around(cues, 50, 2) == ""
