"""How sure an answer is, and which passage it quotes, where its question is in another language than the page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_evidence import piece

from rag.answering.extraction.answerer import extract
from rag.answering.extraction.passage_scores import across_languages
from rag.answering.passages.quotations import Passage, passages_of
from rag.answering.questions.sought import sought
from rag.types import Evidence, Float64Array, FoundBy

PAGE = (
    "The lid of the tank is closed by two clips, and it has to be dry. The feet of the unit are screwed on by hand. "
    "The grille is held by its clips and comes off when you pull at its lower edge."
)


def nearest(evidence: Evidence, *ranks: int) -> Evidence:
    return replace(evidence, found_by=tuple(FoundBy("words", rank) for rank in ranks))


class Like:
    """A sentence encoder's cosines: one for what has a word, a low one for all else; no tokens are kept."""

    def __init__(self, cosine: float, word: str = "grille") -> None:
        self._cosine, self._word = cosine, word

    def by_texts(self, question: str, texts: Sequence[str]) -> Float64Array:
        return np.array([self._cosine if self._word in text else 0.55 for text in texts])

    def by_tokens(self, question: str, passages: Sequence[Passage]) -> Float64Array | None:
        return None


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
    said = extract("Das Gitter hat keine Schrauben, wie geht es ab?", evidence, closeness=Like(cosine), language="de")
    assert "pull at its lower edge" in said.text
    assert said.sureness == sure


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
    assert across_languages(sought(question, passages), language, passages) is other


@pytest.mark.parametrize(
    ("question", "text", "sure"),
    [
        ("What does a filter cost?", "A blocked filter costs much of the air flow before the lamp comes on.", False),
        ("What does a filter cost?", "A filter costs 12 €, and a set of them is sold by every dealer.", True),
        ("Wie schwer ist die Pumpe?", "Die Pumpe ist schwer und muss mit dem Kran gehoben werden.", False),
        ("Wie schwer ist die Pumpe?", "Die Pumpe ist schwer: sie wiegt vierzig Kilogramm.", True),
        ("À quelle température la sonde est-elle coupée ?", "La sonde est coupée si la température monte.", False),
        ("How long does the filter last?", "The filter is changed yearly, it lasts no longer.", True),
    ],
)
def test_an_amount_is_not_said_to_be_answered_by_what_has_no_number(question: str, text: str, sure: bool) -> None:
    evidence = (piece(1, text), piece(2, "The box is made of wood.", page=7))
    assert (extract(question, evidence).sureness != "closest") is sure
