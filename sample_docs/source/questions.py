"""Questions about the sample documents, with the places that hold their answers.

Enters: the places recorded while the documents were drawn. Leaves: one JSON object a question. Must not know: how the
documents are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .pen import Place

MANUAL, SHEET, NOTE = "aurora-800-service-manual.pdf", "tx-210-sensor-data-sheet.pdf", "field-note-scan.pdf"
TYPES = {MANUAL: "Service manual", SHEET: "Data sheet", NOTE: "Scanned service note"}
PAGE_SIZE = [595.28, 841.89]
Places = Mapping[str, list[Place]]


@dataclass(frozen=True, slots=True)
class Question:
    """``places`` are marked names; "name@14" means only the part on page 14. Without places there is no answer."""

    doc: str
    text: str
    answer: str
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    form: str = "Str"
    image: str = ""


QUESTIONS = (
    Question(
        MANUAL,
        "How long must the Aurora 800 stand before it is switched on if it has been laid down?",
        "4 hours",
        ("text",),
        ("tilting",),
    ),
    Question(
        MANUAL,
        "For how long are MODE and TIMER pressed together to open the service menu?",
        "8 seconds",
        ("text",),
        ("service-menu",),
    ),
    Question(
        MANUAL, "With which torque are the screws of the fan assembly tightened?", "1.2 Nm", ("text",), ("fan-torque",)
    ),
    Question(MANUAL, "How long is the warranty of the dehumidifier?", "36 months", ("text",), ("warranty",)),
    Question(MANUAL, "What does error code E6 mean?", "Fan speed below 400 rpm", ("table",), ("table-6",)),
    Question(MANUAL, "Which part number has the air filter?", "800-102", ("table",), ("table-3",)),
    Question(MANUAL, "What is the rated power input of the Aurora 800?", "410 W", ("table",), ("table-1",)),
    Question(
        MANUAL,
        "Which resistance in kΩ should the defrost thermistor have at 10 °C?",
        "20.2",
        ("table",),
        ("table-5",),
        "Float",
    ),
    Question(
        MANUAL,
        "Which maintenance tasks need a refrigeration technician?",
        "Search for leaks with a gas detector; Weigh the refrigerant charge",
        ("table", "multi-page"),
        ("table-7",),
        "List",
    ),
    Question(
        MANUAL,
        "How often is the fan assembly replaced according to the maintenance schedule?",
        "5 years",
        ("table", "multi-page"),
        ("table-7@14",),
    ),
    Question(
        MANUAL,
        "What is connected to plug X6 of the main board?",
        "Float switch",
        ("figure", "table"),
        ("figure-6", "table-4"),
    ),
    Question(
        MANUAL,
        "Which part lies between the condenser and the capillary tube?",
        "filter drier",
        ("figure",),
        ("figure-2",),
    ),
    Question(
        MANUAL,
        "What colour has the DEFROST light on the control panel?",
        "blue",
        ("figure", "table"),
        ("figure-1", "table-2"),
    ),
    Question(
        MANUAL,
        "Which number has the compressor in the exploded view?",
        "7",
        ("figure", "table"),
        ("figure-5", "table-3"),
        "Int",
    ),
    Question(
        MANUAL,
        "How many litres a day does the unit remove at 15 °C and 80 % RH?",
        "11.5",
        ("chart",),
        ("figure-3",),
        "Float",
    ),
    Question(MANUAL, "How many watts does the unit draw in Eco mode?", "235", ("chart",), ("figure-4",), "Int"),
    Question(
        SHEET, "What is the largest standby current of the TX-210 in µA?", "2.0", ("table",), ("table-1",), "Float"
    ),
    Question(SHEET, "Which order code of the TX-210 has the address 0x4D?", "TX-210-B", ("table",), ("table-3",)),
    Question(SHEET, "Which pin of the TX-210 is SDA?", "3", ("figure",), ("figure-1",), "Int"),
    Question(
        SHEET,
        "What average current in µA does the sensor need with one reading every second?",
        "12",
        ("chart",),
        ("figure-3",),
        "Int",
    ),
    Question(
        SHEET, "How is the sensor dried after it was exposed to solvents?", "6 hours at 60 °C", ("text",), ("recovery",)
    ),
    Question(
        NOTE,
        "Which part did the technician fit at the Town Archive?",
        "thermistor, part 800-161",
        ("text", "scan"),
        ("note-done",),
    ),
    Question(
        NOTE,
        "How many litres of water were removed in 24 hours after the repair?",
        "10.9",
        ("table", "scan"),
        ("note-readings",),
        "Float",
    ),
    Question(
        NOTE,
        "How far from the wall does the unit stand in the sketch of the cellar?",
        "60 mm",
        ("figure", "scan"),
        ("note-sketch", "note-advice"),
    ),
    Question(MANUAL, "What does the Aurora 800 cost?", "Not answerable", form="None"),
    Question(SHEET, "Which Bluetooth version does the TX-210 support?", "Not answerable", form="None"),
    Question(NOTE, "What did the customer pay for the repair?", "Not answerable", form="None"),
    Question(
        MANUAL,
        "Which colour has wire W10 in this diagram?",
        "violet",
        ("figure",),
        ("figure-6",),
        image="screenshot.png",
    ),
    Question(
        MANUAL,
        "In this table, which code points to a damaged memory?",
        "E10",
        ("table",),
        ("table-6",),
        image="screenshot-error-table.png",
    ),
    Question(MANUAL, "", "Figure 6: Wiring diagram", ("figure",), ("figure-6",), image="screenshot.png"),
)


def lines(places: Mapping[str, Places]) -> list[dict[str, object]]:
    """The question objects; raises ``KeyError`` for a place that no document has marked."""
    return [_line(question, places[question.doc]) for question in QUESTIONS]


def _line(question: Question, places: Places) -> dict[str, object]:
    found = [place for name in question.places for place in _find(name, places)]
    boxes = [{"page": page, "bbox": [round(edge, 1) for edge in box], "page_size": PAGE_SIZE} for page, box in found]
    line: dict[str, object] = {"doc": question.doc, "doc_type": TYPES[question.doc]}
    if question.text:
        line["question"] = question.text
    if question.image:
        line["image"] = question.image
    return line | {
        "answer": question.answer,
        "answer_format": question.form,
        "answerable": bool(found),
        "pages": sorted({page for page, _ in found}),
        "kinds": list(question.kinds),
        "boxes": boxes,
    }


def _find(name: str, places: Places) -> list[Place]:
    name, _, page = name.partition("@")
    return [place for place in places[name] if not page or place.page == int(page)]
