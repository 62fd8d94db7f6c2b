"""Follow-ups take along what they lean on; questions that stand alone stay as they are."""

import pytest

from rag.retrieval.followup import MOST_TAKEN, interpret, leans

BEFORE = "How do I drain the water tank?"


@pytest.mark.parametrize(
    "question",
    [
        "and how often?", "Why?", "how often?", "which bulb?", "with soap?", "and in winter?", "how do I clean it?",
        "Where is it?", "Is it dishwasher safe?", "does the warranty cover it?", "what tools do I need for that?",
        "can they be replaced?", "And how do I fix that?", "what about the pump filter?", "is that normal?",
        "what does that mean?", "Where do I buy a new one?", "how much does it weigh?", "wo finde ich das?",
        "Und wie oft?", "Wie reinige ich ihn?", "wofür ist das gut?", "und wie stell ich das ein?",
        "which colour is that wire?", "what about left-handed models with a long shaft?", "any special tools?",
        "what happens if I don't?", "with which tool?", "are they the same on both sides?", "ok and after that",
        "should I grease it first?", "what torque?", "and if it breaks?", "womit muss man das machen?",
        "wo bekomme ich so einen?", "kann ich das selbst machen?", "à quelle fréquence ?", "¿cada cuánto?",
        "où la trouver ?", "was ist mit dem Deckel?",
        "et combien de temps ?", "comment le nettoyer ?", "¿y cuánto tarda?", "¿cómo puedo limpiarlo?",
        "e quanto costa?", "en hoe vaak?", "a jak często?", "ve ne sıklıkla?",
    ],
)  # fmt: skip
def test_these_lean_on_the_question_before(question: str) -> None:
    assert leans(question, BEFORE)


@pytest.mark.parametrize(
    "question",
    [
        "Where is the lint filter mounted?", "R713", "battery", "default factory code", "E07", "What is the wattage?",
        "how long does it take to descale the machine?", "Is it safe to run the dishwasher overnight?",
        "The lid is stuck, how do I get it open?", "How do I clean the sieve and put it back?",
        "What is the knob with the snowflake on it for?", "What does the lamp that is flashing red mean?",
        "Does the heater need to be cold before I touch it?", "Does this manual describe the child lock?",
        "Can I use this appliance outdoors?", "When I press start, it beeps three times and nothing happens. Why?",
        "it dripped over the whole kitchen floor, what do I do?", "Gibt es eine Kindersicherung?",
        "Wie reinige ich den Filter?", "Wie starte ich das Gerät neu?", "Comment vider le réservoir d'eau ?",
        "My machine says E5, what is that?", "Should the sieve be dry before it goes back in?", "Is there a lock?",
        "I lost the remote, can I still use it?", "When the light is green, is it fully charged?", "noise level",
        "The pump leaks and I cannot stop it, what now?", "list all error codes", "What does this manual say on waste?",
        "Are batteries included?", "Wie laut ist die Maschine?", "Darf ich das Gerät im Freien benutzen?",
        "Où se trouve le numéro de série ?", "L'appareil fuit, que dois-je faire ?", "¿Dónde está el número de serie?",
        "¿Cómo limpio el filtro?", "Come pulisco il filtro?", "Are there any parts that should be oiled?",
    ],
)  # fmt: skip
def test_these_stand_alone(question: str) -> None:
    assert not leans(question, BEFORE)
    assert interpret([BEFORE], question) == question


def test_what_is_taken_is_what_the_question_before_was_about() -> None:
    assert interpret([BEFORE], "and how often?") == "and how often? (drain the water tank)"
    assert interpret(["", BEFORE, " "], "and how often?") == "and how often? (drain the water tank)"
    assert interpret([], "and how often?") == "and how often?"
    assert (
        interpret(["Wie entleere ich den Wassertank?"], "und wie oft?") == "und wie oft? (entleere ich den Wassertank)"
    )
    long = interpret(["pump " * 500], "and how often?")
    assert long.count("pump") == MOST_TAKEN


def test_a_chain_reaches_back_to_what_it_is_about_and_not_past_it() -> None:
    asked = ["Which fuse is in the plug?", "How do I descale the boiler?", "how often?"]
    assert interpret(asked, "and what do I use for it?") == "and what do I use for it? (descale the boiler)"
    asked = ["How do I descale the boiler?", "what about the steam nozzle?"]
    assert interpret(asked, "where do I buy it?") == "where do I buy it? (steam nozzle; descale the boiler)"


def test_a_code_takes_the_place_of_the_one_before() -> None:
    assert interpret(["What does E04 mean on the display?"], "and E07?") == "and E07? (display)"
    assert interpret(["What does E04 mean?"], "and E07?") == "and E07?"
    assert interpret(["What does E04 mean?"], "how do I fix it?") == "how do I fix it? (E04)"


def test_with_a_picture_this_is_the_picture() -> None:
    assert interpret([BEFORE], "what does this mean?", with_picture=True) == "what does this mean?"
    assert interpret([BEFORE], "what is it?", with_picture=True) == "what is it?"
    assert interpret([BEFORE], "and this one?", with_picture=True) == "and this one? (drain the water tank)"


@pytest.mark.parametrize("question", ["", "  ", "?", "()", "it" * 2000, "that " * 24, "🙂", "\u200b", "7"])
def test_odd_questions_are_no_error(question: str) -> None:
    assert interpret([BEFORE], question).startswith(question.strip())
    assert interpret([question], "and how often?").startswith("and how often?")
