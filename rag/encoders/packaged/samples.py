"""Sentences of many kinds and languages, by which encoders are measured: manuals, reports, papers, questions."""

SAMPLES = (
    "Press and hold the power button for 5 seconds until the LED flashes blue, then release it.",
    "Warning: disconnect the unit from the mains supply before opening the cover. Risk of electric shock!",
    "Table 4. Operating temperature -10 to 45 °C; humidity 20-80 %; supply 100-240 V~, 50/60 Hz; weight 1.8 kg",
    "Net sales rose by 12.4% to $3,214 million in 2014, compared with $2,859 million in the prior year.",
    "We compare our method with three baselines on two data sets; the results are shown in Figure 3.",
    "Error E-07: the drain pump is blocked. Clean the filter and start the programme again (see page 23).",
    "Vor der Reinigung den Netzstecker ziehen und das Gerät mindestens 30 Minuten abkühlen lassen.",
    "Die Garantie erlischt, wenn Teile verwendet werden, die nicht vom Hersteller freigegeben sind.",
    "Appuyez sur la touche MENU, puis choisissez la langue avec les flèches et validez avec OK.",
    "Respondents aged 65 and older were asked how often they use the internet, email or a smartphone.",
    "Antes de usar el aparato por primera vez, lave todas las piezas desmontables con agua tibia.",
    "1. Remove the four screws M4x16. 2. Lift off the guard (7). 3. Slide the belt off both pulleys.",
    "Przed pierwszym użyciem należy przeczytać instrukcję obsługi i zachować ją na przyszłość.",
    "What does the orange light mean?",
    "Warranty",
)
"""Texts of the kind that is read, made for this: the largest number of each channel is taken from them."""
