"""Sentences of a text, and one that goes on in the next, on literals."""

from ingestion.text.sentences import continued, sentences


def test_sentences_are_not_cut_at_abbreviations() -> None:
    text = "Open the lid (see Fig. 3). J. Smith et al. Agree, e.g. in Tab. 2. Close it! Is it dry?"
    assert sentences(text) == [
        "Open the lid (see Fig. 3).",
        "J. Smith et al. Agree, e.g. in Tab. 2.",
        "Close it!",
        "Is it dry?",
    ]
    assert sentences("図1を見る。次に図2。") == ["図1を見る。", "次に図2。"]


def test_a_sentence_that_goes_on_is_made_whole() -> None:
    whole = continued("Check the oil. Then close the lower drain", "valve by hand. Start the pump.")
    assert whole == ("Check the oil. Then close the lower drain valve by hand.", "valve by hand.", "Start the pump.")
    assert continued("Die Pumpe darf nur mit Wasser ge-", "kühlt werden.") == (
        "Die Pumpe darf nur mit Wasser gekühlt werden.",
        "kühlt werden.",
        "",
    )
    listed = continued("• Oil\n• Grease that is free of", "acid.\n• Paint")
    assert listed == ("• Oil\n• Grease that is free of acid.", "acid.", "• Paint")


def test_a_text_that_ends_or_begins_anew_is_left_alone() -> None:
    assert continued("Close the drain valve.", "then start the pump.") is None
    assert continued("Close the valve by hand", "Start the pump.") is None
    assert continued("Close the valve by hand", "a) the first way.") is None
    assert continued("Oil and grease", "is kept dry.") is None  # a label
    assert continued("Ridge View Residential College Tower", "is kept dry.") is None
    assert continued("The type that the call returns", "read_all(path) Read a file.") is None
    assert continued("Parts of the pump", "valve, seal and ring") is None  # no end in sight


def test_a_sentence_goes_on_in_japanese_where_others_end_with_marks() -> None:
    whole = continued("電源を切ります。排水弁を手で閉めてからポン", "プを始動します。次に圧力を確認します。")
    assert whole is not None and whole.text == "電源を切ります。排水弁を手で閉めてからポンプを始動します。"
    assert whole.rest == "次に圧力を確認します。"
    assert continued("機能概要と各部の名称", "プを始動します。") is None
