"""A conversation as chat messages: what is over is drawn from memory, and still shows what has changed since."""

from dataclasses import replace

from made_evidence import manual

from rag.answering.citing.citations import cite
from rag.answering.questions.understanding import UNASKED
from rag.types import Answer
from ui.shown import messages
from ui.state.session import Exchange
from ui.words.language import speaking


def exchange() -> Exchange:
    text, evidence = "Clean the filter (part FX-210) [1].", manual()
    answer = Answer(text, tuple(cite(text, evidence)), evidence, False, 0, "", 0.1)
    return Exchange(1, "What does E42 mean?", status="done", evidence=evidence, text=text, answer=answer)


def words(exchanges: list[Exchange]) -> str:
    return str(messages.conversation(exchanges))


def test_what_is_over_is_drawn_once_and_what_gradio_writes_into_it_is_not_kept() -> None:
    one = exchange()
    drawn = messages.conversation([one])
    kept = one.drawn
    drawn[-1]["content"] = "changed by who was given it"
    assert "FX-210" in words([one])
    assert one.drawn is kept, "drawn again without a reason"


def test_what_changes_later_is_drawn_anew() -> None:
    one = exchange()
    before = words([one])
    with speaking("de"):
        assert words([one]) != before
    assert words([one]) == before
    one.gone = frozenset({one.evidence[0].chunk.doc})
    assert "has been removed from the library" in words([one])
    one.tells = True
    assert "no model is set up" in words([one])
    one.text += " So it says."
    assert "So it says." in words([one])


def test_only_the_last_can_be_answered_again() -> None:
    one, two = exchange(), replace(exchange(), number=2)
    assert words([one]).count("#act-again-") == 1
    assert words([one, two]).count("#act-again-") == 1


def test_one_that_is_being_written_is_drawn_as_it_comes() -> None:
    one = replace(exchange(), status="answering", answer=None)
    words([one])
    one.text = "Clean the pump [1]."
    assert "Clean the pump" in words([one])
    assert one.drawn is None


def test_why_a_model_failed_is_said_once_and_no_sentence_is_left_without_its_end() -> None:
    failed, sees = "Cannot reach the server", "qwen2.5 does not see pictures: it was given captions."
    one = exchange()
    assert one.answer is not None
    unasked = f"qwen2.5 {UNASKED} {failed}"
    for notice in (f"{unasked} {sees}", f"{unasked} {sees} {failed}"):
        one.answer = replace(one.answer, failed=failed, notice=notice)
        said = words([replace(one, drawn=None)])
        assert said.count(failed) == 1 and "does not see pictures" in said and UNASKED not in said
    other = f"qwen2.5 {UNASKED} It was busy {sees}"  # another reason than the one above
    one.answer = replace(one.answer, notice=other)
    assert UNASKED in words([replace(one, drawn=None)])
