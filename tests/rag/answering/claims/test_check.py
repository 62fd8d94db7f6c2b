"""Sentences against their evidence: numbers, units, signs, cells, clauses, negation, and the same in other words."""

import pytest

from rag.answering.claims.check import check
from rag.answering.claims.sources import Source

TABLE = """| Property | Model 10 | Model 20 |
|---|---|---|
| Weight | 3 kg | 5 kg |
| Lowest temperature | -5 °C | 5 °C |
| Cover locks | no | yes |"""
PROSE = (
    "The feed pump runs at 2 bar, the rinse pump at 6 bar. Never open the lid while the drum turns. "
    "Oil it every 6 months."
)


SEALS = """| Dichtung | Max. Druck (bar) | Wechsel | Farbe |
|---|---|---|---|
| 8x1.5 | 6 | 12 Monate | blau |
| 9x2.5 | 16 | 24 Monate | rot |"""


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Die Dichtung 9x2.5 ist rot.", SEALS),
        ("Die Dichtung 8x1.5 verträgt nicht mehr als 6 bar.", SEALS),
        (
            "The limit for nitrate is 50 mg/l.",
            "Copper may not exceed 2 mg/l. The limit for nitrate is 50 mg/l. No more.",
        ),
        (
            "El depósito grande contiene 500 litros.",
            "No riegue por debajo de −2 °C. El depósito grande contiene 500 litros.",
        ),
        (
            "La porte peut rester ouverte deux minutes au maximum.",
            "La porte ne doit pas rester ouverte plus de deux minutes.",
        ),
        (
            "Im Leerlauf muss der Druck mindestens 1,2 bar betragen.",
            "Im Leerlauf darf der Druck nicht unter 1,2 bar fallen.",
        ),
        ("The lid must be kept shut during the run.", "Do not open the lid during the run."),
        (
            "An alarm is heard once the door has stood open for a minute and a half.",
            "The alarm is heard when the door has stood open for ninety seconds.",
        ),
        ("Di notte si arriva a sei gradi sotto zero.", "Di notte si arriva a −6 °C."),
        ("In the end, 41 pumps were found.", "Of 180 pumps, 62 leaked; later 41 such pumps were found."),
        ("Il faut une heure et demie pour remplir la cuve.", "Le remplissage de la cuve dure 90 minutes."),
        ("El motor no arranca nunca sin agua.", "El motor nunca arranca sin agua."),
        ("The Model 20 weighs 5,000 g.", TABLE),
        ("Property: Weight; Model 10: 3 kg; Model 20: 5 kg", TABLE),
        ("The cover of the Model 20 locks.", TABLE),
        ("The rinse pump runs at 600 kPa.", PROSE),
        ("Oil it twice a year.", PROSE),
        ("Do not open the lid while the drum turns.", PROSE),
        ("About 3.1 billion euros were earned.", "It earned 3,114 million euros."),
        ("Twenty-five litres fit in.", "25 litres fit in."),
        ("Die Pumpe läuft mit 6 bar.", "The pump runs at 6 bar, and is oiled by the technician of the plant."),
    ],
)
def test_what_is_said_is_supported_also_in_other_words(claim: str, text: str) -> None:
    assert check(claim, [Source(text)]).support == "supported"


@pytest.mark.parametrize(
    ("claim", "text", "reason"),
    [
        ("The Model 10 weighs 5 kg.", TABLE, "column"),
        ("A carrier holds fifty vials.", "A carrier holds forty vials.", "fifty"),
        ("A dividend of 0.45 dollars per share is proposed.", "A dividend of 0.45 euros per share is proposed.",
         "dollars"),
        ("Copper may not exceed 2 µg/l.", "Copper may not exceed 2 mg/l.", "not in the evidence"),
        ("The bread bakes for eight minutes.", "The pizza bakes for eight minutes, the bread forty.", "something else"),
        ("The limit for copper is 50 mg/l.", "The limit for nitrate is 50 mg/l. Copper may not exceed 2 mg/l.",
         "something else"),
        ("Il forno non si spegne da solo dopo cinque ore.", "Il forno si spegne da solo dopo cinque ore.", "negation"),
        ("Le vendite sono aumentate del 12 %.", "Le vendite sono diminuite del 12 %.", "opposite"),
        ("Water is not drawn at +3 °C.", "Water is not drawn at −3 °C; there are three taps.", "sign"),
        ("The Model 20 does not weigh 5 kg.", TABLE, "without a negation"),
        ("Die Dichtung 8x1.5 ist rot.", SEALS, "another row"),
        ("Die Dichtung 8x1.5 hat einen Druck von 16 bar.", SEALS, "another row"),
        ("Die Dichtung 8x1.5 verträgt mindestens 6 bar.", SEALS, "“below”"),
        ("Die Dichtung 8x1.5 ist nicht blau.", SEALS, "without a negation"),
        ("Die Dichtung 9x2.5 wird vor dem Einbau dünn mit Silikonfett bestrichen.", SEALS, "does not say"),
        ("Die Dichtung von Maier wird nach 200 Stunden gewechselt.", "Sie wird frühestens nach 300 Stunden gewechselt.",
         "200"),
        ("Sie wird spätestens nach 300 Stunden gewechselt.", "Sie wird frühestens nach 300 Stunden gewechselt.",
         "“above”"),
        ("Die Kosten stiegen um 12 Prozent.", "Die Kosten sanken um 12 Prozent.", "opposite"),
        ("Fuel with ethanol may be used.", "Fuel with ethanol must not be used.", "negation"),
        ("The weight of the Model 20 is 5 °C.", TABLE, "row"),
        ("The lowest temperature of the Model 10 is 5 °C.", TABLE, "sign"),
        ("The Model 10 works from 15 °C.", TABLE, "“15 °C”"),
        ("The cover of the Model 20 does not lock.", TABLE, "“yes”"),
        ("The feed pump runs at 6 bar.", PROSE, "something else"),
        ("The rinse pump runs at 6 psi.", PROSE, "“6 psi”"),
        ("Open the lid while the drum turns.", PROSE, "negation"),
        ("Oil it every 6 weeks.", PROSE, "“6 weeks”"),
        ("It was -40 °C in May.", "It was 40 °C in May.", "sign"),
        ("Income fell by 7 %.", "Income rose by 7 %.", "opposite"),
        ("A free spare lid comes along.", PROSE, "does not say"),
    ],
)  # fmt: skip
def test_what_is_said_otherwise_is_caught_with_the_reason(claim: str, text: str, reason: str) -> None:
    verdict = check(claim, [Source(text)])
    assert (verdict.support, reason in verdict.reason) == ("unsupported", True), verdict


def test_two_pieces_of_evidence_may_say_it_together() -> None:
    sources = [Source(TABLE), Source(PROSE)]
    assert check("The Model 20 weighs 5 kg and its rinse pump runs at 6 bar.", sources).support == "supported"


SALES = """| Region | 2022 | 2023 | Change |
|---|---|---|---|
| North | 412.6 | 455.1 | +10.3% |
| South | 64.9 | 61.3 | −5.5% |"""
IN_MILLIONS = Source(SALES, "Sales by region (USD million)")
LAMPS = """| Lamp | State | What to do |
|---|---|---|
| Steady yellow | Above 70 °C | Clean the filter and check the fan |
| Flashing green | An update is loaded | Do not unplug |"""


SITES = Source("""| Site | Samples | Lead (mg/kg) | Harvest (t) |
|---|---|---|---|
| Alder | 34 | 41 | 12 |
| Mill | 51 | 19 | 30 |""")
PARTS = Source("""| Teil | Intervall | Schmierstoff |
|---|---|---|
| Riemen | 250 h | – |
| Lager | 500 h | Fett |""")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("At Mill, 51 samples were taken.", SITES),
        ("The lead at Alder is 41 mg/kg.", SITES),
        ("Der Riemen wird alle 250 Stunden geprüft.", PARTS),
        ("Sales in the North grew from $412.6M to $455.1M.", IN_MILLIONS),
        ("Sales in the South fell by 5.5%.", IN_MILLIONS),
        ("In 2022, the South brought 64.9 million dollars.", IN_MILLIONS),
        ("Die M8-Schrauben erhalten 23 Nm.", Source("| Schraube | Moment |\n|---|---|\n| M8 | 23 Nm |")),
        ("Der Umsatz lag bei 1,27 Mrd. Euro.", Source("Der Umsatz ging um 3,8 % auf 1,27 Mrd. Euro zurück.")),
        ("Die Kosten sanken um 4 %.", Source("Die Kosten nahmen im letzten Jahr um 4 % ab.")),
        ("Laissez au minimum 300 mm sous la cuve.", Source("Laissez un espace d'au moins 30 cm sous la cuve.")),
        ("Espere un mínimo de 40 minutos.", Source("Espere al menos 40 minutos antes de abrir.")),
        ("El ciclo dura 150 minutos.", Source("El ciclo dura dos horas y media.")),
        ("Il robot supera soglie alte al massimo 2 cm.", Source("Il robot non supera soglie più alte di 20 mm.")),
        ("O nível subiu três metros.", Source("A temperatura desceu e o nível subiu 3 m.")),
        ("La Brezza 20 ha un peso di 5,6 kg.", Source("| Modello | Peso |\n|---|---|\n| Brezza 20 | 5,6 kg |")),
    ],
)  # fmt: skip
def test_the_same_as_reports_and_data_sheets_write_it(claim: str, source: Source) -> None:
    assert check(claim, [source]).support == "supported", check(claim, [source])


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("At Mill, 19 samples were taken.", SITES, "column"),
        ("The lead at Alder is 34 mg/kg.", SITES, "column"),
        ("The harvest at Mill was 30 kg.", SITES, "“30 kg”"),
        ("The cover resists 3,000 m of water.", Source("The cover resists 3,000 mm of water."), "“3,000 m”"),
        ("Sales in the South were 61.3 billion dollars in 2023.", IN_MILLIONS, "61.3 billion"),
        ("Sales in the North declined by 10.3%.", IN_MILLIONS, "sign"),
        ("In 2022, sales in the North were $455.1M.", IN_MILLIONS, "column"),
        ("Der Umsatz lag bei 1,27 Mio. Euro.", Source("Der Umsatz ging um 3,8 % auf 1,27 Mrd. Euro zurück."), "Mio"),
        ("Der Umsatz stieg um 3,8 %.", Source("Der Umsatz ging um 3,8 % auf 1,27 Mrd. Euro zurück."), "opposite"),
        ("A lamp that flashes blue means that an update is loaded.", Source(LAMPS), "“blue”"),
        ("While the lamp is flashing green, you may unplug it.", Source(LAMPS), "negation"),
        ("The state of steady yellow is to clean the filter and check the fan.", Source(LAMPS), "column"),
        ("The run may be interrupted.", Source("The run takes 35 minutes and must not be interrupted."), "negation"),
        ("Il cestello può essere messo in forno.", Source("Lavare il cestello; non metterlo in forno."), "negation"),
        ("Leuchtet die Anzeige K, wird Salz ergänzt.", Source("Leuchtet die Anzeige S, wird Salz ergänzt."), "“K”"),
        ("Den Vorsitz hat Frau Dr. Petra Lindner.", Source("Den Vorsitz hat Frau Dr. Ines Kalbach."), "“Petra”"),
        ("Il faut 5 h 10 avec le modèle 150.",
         Source("Il faut 3 h 20 avec le modèle 150 et 5 h 10 avec le modèle 200."), "else"),
        ("The mower 38 Li cuts 38 inches.",
         Source("| | Mower 32 | Mower 38 Li |\n|---|---|---|\n| Width | 32 cm | 38 cm |"), "inches"),
        ("Waga AK-12 nie wynosi 2 kg.", Source("| Model | Waga |\n|---|---|\n| AK-12 | 2 kg |"), "negation"),
        ("Zużycie energii wzrosło o 15 %.", Source("Zużycie energii spadło o 15 % w tym roku."), "opposite"),
    ],
)  # fmt: skip
def test_what_reports_and_data_sheets_say_otherwise_is_caught(claim: str, source: Source, reason: str) -> None:
    verdict = check(claim, [source])
    assert (verdict.support, reason in verdict.reason) == ("unsupported", True), verdict
