"""How sure an answer is, and which passage it quotes, where its question is in another language than the page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_evidence import piece

from rag.answering.extractive import extract
from rag.answering.meaning import closeness_by
from rag.answering.passage_scores import Closeness, foreign
from rag.answering.quotations import passages_of
from rag.answering.sought import sought
from rag.encoders.parts import Span
from rag.types import Evidence, Float32Array, Float64Array, FoundBy

PAGE = (
    "The lid of the tank is closed by two clips, and it has to be dry. The feet of the unit are screwed on by hand. "
    "The grille is held by its clips and comes off when you pull at its lower edge."
)


def nearest(evidence: Evidence, *ranks: int) -> Evidence:
    return replace(evidence, found_by=tuple(FoundBy("words", rank) for rank in ranks))


def like(cosine: float, word: str = "grille") -> Closeness:
    def closeness(question: str, passages: Sequence[str]) -> Float64Array:
        return np.array([cosine if word in p else 0.55 for p in passages])

    return closeness


@pytest.mark.parametrize(
    ("cosine", "rank", "sure"), [(0.79, 1, "likely"), (0.62, 1, "closest"), (0.62, 9, "closest"), (0.79, 30, "closest")]
)
def test_across_languages_the_encoder_says_how_sure_an_answer_is(cosine: float, rank: int, sure: str) -> None:
    """Static word vectors of one language say nothing there: what is asked and what is quoted share no word."""
    evidence = (
        replace(nearest(piece(1, PAGE, page=9), rank), score=1.0),
        replace(nearest(piece(2, PAGE.split(". ")[0] + ".", page=9), rank + 1), score=0.9),
        replace(
            nearest(piece(3, "The warranty ends after two years, and it is void if the seal is broken.", page=3), 20),
            score=0.2,
        ),
    )
    said = extract("Das Gitter hat keine Schrauben, wie geht es ab?", evidence, closeness=like(cosine), language="de")
    assert "pull at its lower edge" in said.text
    assert said.sureness == sure


def test_across_languages_every_passage_of_the_page_is_compared() -> None:
    """Words cannot choose a dozen of them, nor is a figure better than a sentence because nothing else is known."""
    many = " ".join(f"Part {name} of the unit is screwed to the frame with a bolt." for name in "ABCDEFGHIJKLMN")
    figure = piece(2, "", "figure", caption="Figure 1: The frame of the unit with all of the parts")
    said = extract("Wie geht das Gitter ab?", (figure, piece(1, f"{many} {PAGE}")), closeness=like(0.7), language="de")
    assert said.text.find("lower edge") >= 0
    assert "Figure 1" not in said.text.split("\n\n")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("question", "language", "text", "other"),
    [
        ("Wie geht das Gitter ab?", "de", PAGE, True),
        ("combien pèse l'appareil ?", "fr", "The unit is heavy. It has to be carried by two people.", True),
        ("How does the grille come off?", "en", PAGE, False),
        ("Hur tar man bort gallret?", "en", "Gallret sitter fast med klämmor och kan tas av om man drar i det.", False),
        ("怎么取下格栅？", "zh", "格栅用卡扣固定，拉下边缘即可取下。滤网每月清洗一次。", False),
        ("怎么取下格栅？", "zh", PAGE, True),
        ("グリルの外し方は？", "ja", "格栅用卡扣固定，拉下边缘即可取下。", True),
        ("Where may it be carried?", "en", "Keep it dry and carry it with both hands 保持干燥，用双手搬运", False),
        ("Was bedeutet die Lampe TANK?", "de", "Lampe TANK: voll", False),
        ("Was bedeutet das rote Licht?", "de", "TANK: full", True),
    ],
)
def test_the_language_of_a_page_is_told_by_its_words_and_letters(
    question: str, language: str, text: str, other: bool
) -> None:
    passages = passages_of(piece(1, text))
    assert foreign(sought(question, passages), language, passages) is other


class CountingEncoder:
    """Two sentence encoders, of which one reads English alone; what is embedded is counted."""

    spent = ""
    dim = 4
    word_spans = (Span("many", 0, 2), Span("english", 2, 4, frozenset({"en"})))

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        return np.tile(np.array([[3.0, 4.0, 1.0, 0.0]], dtype=np.float32), (len(texts), 1))

    def embed_words(self, texts: Sequence[str], span: Span) -> Float32Array:
        self.read += [(text, span.name) for text in texts]
        return np.array([[3.0, 4.0, 0.0, 2.0] if "grille" in text else [4.0, -3.0, 2.0, 0.0] for text in texts])


def test_passages_are_compared_once_by_the_encoders_that_read_both_languages() -> None:
    encoder = CountingEncoder()
    closeness = closeness_by(encoder)  # type: ignore[arg-type]
    assert closeness is not None
    both = ["the grille comes off", "the lid is closed"]
    assert closeness("Wie geht das Gitter ab?", both) == pytest.approx([1.0, 0.0])
    assert closeness("Wie geht das Gitter ab?", both[:1]) == pytest.approx([1.0])
    assert encoder.read == [(text, "many") for text in both]
    assert closeness("How does the grille come off?", both) == pytest.approx([0.5, 0.5])
