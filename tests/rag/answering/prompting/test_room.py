"""Evidence cut to what a model reads at once."""

from __future__ import annotations

from made_evidence import piece

from rag.answering.prompting.room import PER_PIECE, text_tokens, within

PIECES = [
    piece(n, f"Piece {n} begins. " + "Nothing of interest. " * 60 + f"Lamp {n} is red. " + "And so on. " * 60)
    for n in range(1, 9)
]


def test_what_fits_is_sent_as_it_is() -> None:
    assert within(PIECES, text_tokens(PIECES)) == tuple(PIECES)


def test_the_first_pieces_are_whole_and_later_ones_keep_what_is_asked_for() -> None:
    kept = within(PIECES, 2000, "what does a red lamp mean?")
    assert kept[0] == PIECES[0] and len(kept) > 5
    assert all(f"Lamp {e.number} is red." in e.text for e in kept)
    assert len(kept[-1].text) < len(kept[1].text)
    assert text_tokens(kept) <= 2000 + PER_PIECE


def test_one_piece_may_take_all_the_room_and_a_little_is_always_sent() -> None:
    (kept,) = within(PIECES[:1], 200, "lamp")
    assert 100 < text_tokens([kept]) <= 200 + PER_PIECE
    assert len(within(PIECES, 10, "lamp")) == 1
