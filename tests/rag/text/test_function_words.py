"""The language of a text and of the pages of a document."""

from __future__ import annotations

import pytest

from rag.text.function_words import WORDS, language_of, languages_of, reading_language, stop_stems
from rag.text.stemming import ALGORITHMS

TEXTS = {
    "cs": "Jak se čistí filtr a kdy je třeba jej vyměnit, aby se přístroj nepoškodil při použití podle návodu?",
    "da": "Hvordan renser man filteret, og hvornår skal det skiftes, så det ikke bliver beskadiget under brug?",
    "de": "Wie wird der Filter gereinigt, und wann muss er gewechselt werden, damit das Gerät nicht beschädigt wird?",
    "el": "Πώς καθαρίζεται το φίλτρο και πότε πρέπει να αλλάξει, ώστε η συσκευή να μην πάθει ζημιά με τη χρήση;",
    "en": "How is the filter cleaned, and when does it have to be changed so that the unit is not damaged in use?",
    "es": "¿Cómo se limpia el filtro y cuándo hay que cambiarlo para que el aparato no se estropee con el uso?",
    "fi": "Kuinka suodatin puhdistetaan ja milloin se on vaihdettava, että laite ei vaurioidu ja voi toimia kuin uusi?",
    "fr": "Comment nettoyer le filtre et quand faut-il le changer pour que l'appareil ne soit pas endommagé ?",
    "hu": "Hogyan kell a szűrőt tisztítani, és mikor kell cserélni, hogy az ne legyen hibás, ha már nem új?",
    "it": "Come si pulisce il filtro e quando lo devo cambiare perché la macchina non sia danneggiata con l'uso?",
    "nl": "Hoe maak ik het filter schoon en wanneer moet het vervangen worden, zodat de machine niet kapot gaat?",
    "no": "Hvordan gjør man filteret rent, og når må det skiftes, slik at det ikke blir skadet av bruk etter noe tid?",
    "pl": "Jak należy czyścić filtr i kiedy trzeba go wymienić, aby urządzenie nie zostało uszkodzone przez to?",
    "pt": "Como se limpa o filtro e quando é que devo mudar, para que a máquina não fique estragada com o uso?",
    "ro": "Cum se curăță filtrul și când este necesar să fie schimbat, pentru ca aparatul să nu se strice din asta?",
    "ru": "Как очистить фильтр и когда его надо менять, чтобы прибор не был повреждён при работе и после неё?",
    "sv": "Hur gör man rent filtret, och när ska det bytas så att det inte blir skadat av att användas för mycket?",
    "tr": "Filtre nasıl temizlenir ve ne zaman değiştirilmeli ki cihaz bu kullanım ile zarar görmesin, çok kadar?",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_language_is_told_and_has_a_stemmer(language: str) -> None:
    assert language_of(TEXTS[language]) == language
    assert language in ALGORITHMS and stop_stems(language, language)
    assert set(WORDS) == set(ALGORITHMS) == set(TEXTS)


def test_pages_with_few_words_go_with_their_document() -> None:
    german, english = TEXTS["de"] + " Es ist nach dem Gebrauch zu reinigen oder zu ersetzen.", TEXTS["en"]
    assert languages_of([german, "4711 TX-9", german, english]) == ["de", "de", "de", "en"]
    assert languages_of(["E07 pump", ""]) == ["en", "en"]
    assert languages_of([]) == []


def test_names_and_letters_do_not_tell_a_language() -> None:
    index = "San Jose, 12; San Diego, 14; de Young Museum, 9; La Boca, 3; A. Z. Smith, 8; V. S. Naipaul, 2; del Mar, 7"
    assert languages_of([index, TEXTS["en"]]) == ["en", "en"]


OTHERS = [
    "高压侧是多少巴?",
    "室温が何度以下になると折れますか",
    "압력은 얼마입니까?",
    "fişe takılıyken",
    "Prüfknopf defekt",
]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_not_told_and_not_written_like_english_is_not_read_as_english(text: str) -> None:
    assert language_of(text) == "en"
    assert reading_language(text) == ""


@pytest.mark.parametrize(
    "text", ["filter part number", "100 µF at 4.7 kΩ", "Who was Schrödinger and what is in the box?", "E07"]
)
def test_english_with_names_and_units_is_read_as_english(text: str) -> None:
    assert reading_language(text) == "en"


def test_a_language_that_is_told_is_read_as_that() -> None:
    assert {language: reading_language(text) for language, text in TEXTS.items()} == {name: name for name in TEXTS}
