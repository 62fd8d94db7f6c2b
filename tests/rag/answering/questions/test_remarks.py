"""Remarks on the answer before are told by their words, and from questions that want to know something."""

import pytest

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.questions.remarks import REMARKS, remark_of

SAID = {
    "en": (
        "shorter please",
        "tell me more",
        "are you sure?",
        "Can you translate it into German?",
        "show me the picture",
    ),
    "de": ("kürzer bitte", "mehr Details", "Woher weißt du das?", "auf Deutsch bitte", "gibt es dazu eine Abbildung?"),
    "fr": ("plus court s'il vous plaît", "plus de détails", "tu es sûr ?", "traduis ça", "montre-moi l'image"),
    "es": ("más corto por favor", "dime más", "¿Estás seguro?", "¿puedes traducirlo?", "muéstrame la imagen"),
    "it": ("più breve per favore", "più dettagli", "sei sicuro?", "puoi tradurlo?", "mostrami l'immagine"),
    "nl": ("korter alsjeblieft", "meer details", "weet je het zeker?", "vertaal dat", "laat me de afbeelding zien"),
    "pl": ("krócej proszę", "więcej szczegółów", "jesteś pewien?", "przetłumacz to", "pokaż mi obrazek"),
    "pt": ("mais curto por favor", "mais detalhes", "tem certeza?", "traduza isso", "mostre a imagem"),
    "tr": ("daha kısa lütfen", "daha fazla ayrıntı", "emin misin?", "bunu çevir", "resmi göster"),
    "zh": ("简短一点", "更详细", "你确定吗？", "翻译一下", "给我看图片"),
    "ja": ("もっと短くしてください", "もっと詳しく", "本当ですか？", "翻訳してください", "図を見せて"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_remarks(language: str) -> None:
    assert set(language_data(language).remarks) == {"filler", *REMARKS}
    found = [one.remark if (one := remark_of(text)) else None for text in SAID[language]]
    assert found == ["shorter", "more", "sure", "translate", "picture"]


def test_the_language_is_that_of_the_words_else_of_the_question_before() -> None:
    told = remark_of("ok, kürzer", ["How do I clean it?"])
    assert told is not None and told.language == "de"
    told = remark_of("detail", ["How do I clean the filter of the machine?"])
    assert told is not None and (told.remark, told.language) == ("more", "en")


@pytest.mark.parametrize(
    "question",
    [
        "show me the picture of the pump",
        "How do I show the picture on the TV?",
        "Is it safe?",
        "and how often?",
        "why?",
        "thanks!",
        "short circuit",
        "what is the source of power?",
        "is the left one correct",
        "Which one is longer?",
        "Bild 3",
        "Wie sicher ist das?",
        "Was zeigt das Bild?",
        "in which language?",
        "more than 5 bar?",
        "",
        "?",
    ],
)
def test_a_question_is_no_remark(question: str) -> None:
    assert remark_of(question) is None
