"""Any recording with anything said in it: pages cover it, and each word is on one of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.recordings.cues import LONGEST_SPAN, Cue, spans, within

said = st.lists(st.tuples(st.floats(0, 900), st.floats(0.1, 12)), max_size=40).map(
    lambda pairs: [Cue(start, start + length, "words") for start, length in sorted(pairs)]
)


@given(duration=st.floats(0.1, 1000), cues=said)
def test_pages_cover_a_recording_and_each_word_is_on_one(duration: float, cues: list[Cue]) -> None:
    found = spans(duration, cues)
    assert found[0].start == 0 and found[-1].end == pytest.approx(duration)
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(0 < one.end - one.start <= LONGEST_SPAN + 1e-6 for one in found)
    inside = [cue for cue in cues if (cue.start + cue.end) / 2 < duration]
    assert sorted(cue for one in found for cue in within(cues, one)) == sorted(inside)
