"""Small talk, what the library holds, and summaries: answered without a search, in the language of the question."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_server import ChatServer, serving

from rag.answering.answer import QUOTED, UNCITED, Done, Found, answer
from rag.answering.citing.markers import CLEAN
from rag.answering.languages.data import LANGUAGES
from rag.answering.overviews.without_search import talk_language, without_search
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.phrases import phrases
from rag.config import Settings
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.types import Answer, Query, Turn

GUIDE = """<html><head><title>Kite guide</title></head><body><h1>Kite guide</h1>
<h2>1 Introduction</h2><p>This guide tells how a kite is built, flown and mended at home. It was written for beginners
of any age who have an afternoon.</p>
<h2>2 Safety</h2><p>Never fly a kite near power lines or in a thunderstorm.</p>
<h3>2.1 Before the flight</h3><p>Look at the knots of the bridle before each flight.</p>
<h3>2.2 After the flight</h3><p>Dry the sail in the shade before it is rolled up.</p>
<h2>3 Repairs</h2><p>Small holes in the sail are closed with spinnaker tape on both sides.</p>
</body></html>"""


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    guide = tmp_path_factory.mktemp("known") / "kite[1]guide.html"
    guide.write_text(GUIDE, encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([guide])] == ["added"]
        yield opened


def asked(index: Index, question: str, *names: str, history: tuple[Turn, ...] = ()) -> Answer:
    docs = frozenset(index.catalogue.find(name).id for name in names) or None
    events = list(answer(index, Query(question, docs=docs), history))
    assert isinstance(events[0], Found) and isinstance(events[-1], Done)
    return events[-1].answer


HELLO = {
    "en": "Hello!", "de": "guten Tag", "fr": "Bonjour", "es": "¡Hola!", "it": "Buongiorno", "nl": "goedemorgen",
    "pl": "Dzień dobry", "pt": "Olá", "tr": "Merhaba", "zh": "你好", "ja": "こんにちは",
}  # fmt: skip
DOCUMENTS = {
    "en": "which documents do you have?", "de": "Welche Dokumente gibt es hier?", "fr": "Quels documents avez-vous ?",
    "es": "¿Qué documentos tienes?", "it": "Quali documenti hai?", "nl": "Welke documenten heb je?",
    "pl": "Jakie dokumenty masz?", "pt": "Quais documentos você tem?", "tr": "Hangi belgeler var?",
    "zh": "你有哪些文档？", "ja": "どんな文書がありますか",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_greeting_is_returned_in_its_language_with_questions_to_ask(index: Index, language: str) -> None:
    found = asked(index, HELLO[language])
    assert found.text.startswith(phrases(language).hello) and phrases(language).for_example in found.text
    assert (found.citations, found.evidence, found.notice, found.refused) == ((), (), "", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents_are_named_in_the_language_of_the_question(index: Index, language: str) -> None:
    found = asked(index, DOCUMENTS[language])
    said, rows = phrases(language), index.catalogue.documents()
    assert found.text.startswith(said.library(2, sum(row.pages for row in rows), chosen=False))
    assert "lagoon-manual.pdf" in found.text and said.pages(3) in found.text and not CLEAN.search(found.text)
    assert UNCITED not in found.notice


def test_only_the_chosen_documents_are_counted(index: Index) -> None:
    found = asked(index, "how many documents are there?", "lagoon-manual.pdf")
    assert found.text.startswith("Chosen are 1 document with 3 pages:") and "kite" not in found.text


def test_what_can_be_asked_is_said_with_the_titles_and_examples_that_have_an_answer(index: Index) -> None:
    found = asked(index, "what can you do?")
    assert "lagoon-manual.pdf" in found.text and "What does the table “Error codes and remedies” say?" in found.text
    assert found.text.count("\n- ") == 4  # two documents, two examples


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as opened:
        assert asked(opened, "hello").text == phrases("en").empty
        assert asked(opened, "thank you").text == phrases("en").you_are_welcome


@pytest.mark.parametrize(
    "question",
    [
        "Hello, how do I clean the filter?",
        "Hello Kitty manual: how do I open it",
        "what can you do about a blocked drain pump?",
        "which documents mention frostbite?",
        "which document must be signed before delivery?",
        "how many pages does the fault finding chapter have?",
        "thanks, and what does E18 mean?",
        "Hallo, was bedeutet E18?",
        "你好，E18是什么意思？",
        "How many documents must be signed before delivery?",
    ],
)
def test_a_real_question_is_never_taken_for_small_talk(index: Index, question: str) -> None:
    assert without_search(index, Query(question)) is None


@pytest.mark.parametrize(
    "question",
    [
        "what can I do?", "how do I use this?", "how does it work?", "what does it do?", "what is it for?",
        "was kann ich tun?", "Wie funktioniert das?", "que puis-je faire ?", "à quoi ça sert ?", "¿qué puedo hacer?",
        "che cosa posso fare?", "wat kan ik doen?", "hoe werkt dit?", "co mogę zrobić?", "o que posso fazer?",
        "ne yapabilirim?", "我能做什么？", "有什么功能？", "使い方を教えて",
    ],
)  # fmt: skip
def test_what_may_be_asked_of_a_machine_is_no_small_talk(question: str) -> None:
    assert not kinds_of(question).small_talk


def test_small_talk_needs_no_model(index: Index) -> None:
    with serving() as server:
        llm = OpenAICompatible(Settings(llm_model="sighted", llm_base_url=server.url))
        events = list(answer(index, Query("hello"), llm=llm))
        assert isinstance(events[-1], Done) and events[-1].answer.text.startswith("Hello!")
        assert _chats(server) == 0
        assert without_search(index, Query("what is this document about?"), llm=llm) is None


def _chats(server: ChatServer) -> int:
    return len(server.chats())


def test_thanks_after_a_question_are_answered_in_its_language(index: Index) -> None:
    found = asked(index, "ok, thx", history=(Turn("Wie reinige ich das Flusensieb?", ""),))
    assert found.text == phrases("de").you_are_welcome


@pytest.mark.parametrize(
    ("said", "before", "language"),
    [
        ("hello", "Wie reinige ich das Flusensieb?", "en"),
        ("thanks", "Comment nettoyer le filtre ?", "en"),
        ("ciao", "How do I clean the filter?", "it"),
        ("merci", "¿Cómo se limpia el filtro?", "fr"),
        ("hallo", "Hoe maak ik het filter schoon?", "nl"),
        ("dank u", "How do I clean the filter?", "nl"),
        ("wie geht's?", "How do I clean the filter?", "de"),
        ("jakie masz dokumenty?", "Wie reinige ich das Flusensieb?", "pl"),
    ],
)
def test_small_talk_is_answered_in_its_own_language_or_that_of_the_question_before_where_it_is_said_in_both(
    said: str, before: str, language: str
) -> None:
    kinds = kinds_of(said)
    assert kinds.small_talk
    assert talk_language(said, [before], kinds.language) == language


# -- summaries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "What is this document about?",
        "Worum geht es in diesem Dokument?",
        "De quoi parle ce document ?",
        "总结这份文档",
    ],
)
def test_a_document_is_summed_up_by_its_introduction_and_headings(index: Index, question: str) -> None:
    found = asked(index, question, "kite[1]guide")
    assert "This guide tells how a kite is built, flown and mended at home" in found.text
    assert all(heading in found.text for heading in ("1 Introduction", "2 Safety", "3 Repairs"))
    assert found.citations and all(c.supported for c in found.citations) and found.notice == QUOTED
    by_number = {e.number: e for e in found.evidence}
    repairs = next(line for line in found.text.splitlines() if "3 Repairs" in line)
    (marker,) = CLEAN.findall(repairs)
    assert "spinnaker tape" in by_number[int(marker)].text


@pytest.mark.parametrize("question", ["summarize the safety chapter", "Summarise chapter 2", "Résume le chapitre 2"])
def test_a_chapter_is_summed_up_heading_by_heading(index: Index, question: str) -> None:
    found = asked(index, question, "kite[1]guide")
    assert found.text.startswith("2 Safety (kite(ref. 1)guide.html")
    assert "2.1 Before the flight" in found.text and "Look at the knots of the bridle" in found.text
    assert "spinnaker" not in found.text and all(c.supported for c in found.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Fasse das Sicherheitskapitel zusammen",
        "Résume le chapitre sur la sécurité",
        "Resume el capítulo de seguridad",
        "Riassumi il capitolo sulla sicurezza",
        "Vat het hoofdstuk veiligheid samen",
        "Streść rozdział o bezpieczeństwie",
        "Resuma o capítulo de segurança",
        "Güvenlik bölümünü özetle",
        "总结安全章节",
        "安全の章を要約して",
    ],
)
def test_a_usual_chapter_is_known_in_every_language(index: Index, question: str) -> None:
    found = asked(index, question, "kite[1]guide")
    assert found.text.startswith("2 Safety") and "spinnaker" not in found.text


def test_of_several_documents_each_has_its_line(index: Index) -> None:
    found = asked(index, "give me a short summary of these documents")
    assert len({c.doc for c in found.citations}) == 2 and found.text.count("\n- ") == 1
    assert all(c.supported for c in found.citations)


def test_a_document_without_sentences_or_headings_shows_its_first_page(tmp_path: Path) -> None:
    words = tmp_path / "words.html"
    words.write_text("<p>lino, cork, oak</p>", encoding="utf-8")
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as opened:
        opened.add([words])
        found = asked(opened, "Was steht in diesem Dokument?")
    assert found.text.endswith("(1 Seite)\n\n- Seite 1 [1]") and found.citations[0].supported


def test_a_document_is_chosen_by_its_name(index: Index) -> None:
    found = asked(index, "what is the kite guide about?")
    assert "3 Repairs" in found.text and "lagoon-manual.pdf" not in found.text


@pytest.mark.parametrize(
    "question",
    ["summarize the results of the election", "What are the last 4 chapters about?", "summarize chapter 9"],
)
def test_what_no_heading_names_is_searched_for(index: Index, question: str) -> None:
    assert without_search(index, Query(question)) is None


def test_what_leans_on_the_question_before_is_searched_for(index: Index) -> None:
    before = (Turn("How do I clean the filter?", "Rinse it [1]."),)
    assert without_search(index, Query("can you summarize that?"), before) is None


MENTIONED = {
    "en": "which of these documents mention {}?", "de": "In welchen Dokumenten wird {} erwähnt?",
    "fr": "dans quels documents parle-t-on de {} ?", "es": "¿En qué documentos se menciona {}?",
    "it": "quali documenti parlano di {}?", "nl": "welke documenten gaan over {}?",
    "pl": "W którym dokumencie jest mowa o {}?",
    "pt": "quais documentos mencionam {}?", "tr": "hangi belgelerde {} geçiyor?", "zh": "哪些文件提到了{}？",
    "ja": "どの文書に{}について書かれていますか",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents_that_mention_something_are_named_with_what_they_say(index: Index, language: str) -> None:
    """A code stands in the manual's table alone, a word in the guide alone."""
    said, (manual, guide) = phrases(language), (index.catalogue.find(n) for n in ("lagoon-manual", "kite[1]guide"))
    code = asked(index, MENTIONED[language].format("E18"))
    assert code.text.startswith(f"{said.documents(1)}:") and manual.name in code.text and "E18" in code.text
    word = asked(index, MENTIONED[language].format("spinnaker"))
    assert word.text.startswith(f"{said.documents(1)}:") and guide.name.removeprefix("kite[1]") in word.text
    assert "Small holes in the sail are closed with spinnaker tape on both sides [1]." in word.text
    assert [c.number for c in word.citations] == [1] and not word.refused


def test_of_one_document_the_pages_are_named_and_all_words_must_stand_together(index: Index) -> None:
    chosen = asked(index, "which pages mention E18?", "lagoon-manual.pdf")
    assert chosen.text.startswith(f"{phrases('en').pages(len(chosen.evidence))}:")
    assert {e.chunk.page for e in chosen.evidence} == {c.page for c in chosen.citations}
    assert without_search(index, Query("which documents mention spinnaker and thunderstorm?")) is None


def test_what_nothing_mentions_is_searched_for_without_the_words_of_asking(index: Index) -> None:
    found = asked(index, "which manual explains how to close tears of the sail?")
    assert found.understood == "close tears sail?" and found.evidence
