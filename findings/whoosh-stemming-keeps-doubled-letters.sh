#!/usr/bin/env bash
# whoosh-reloaded 2.7.5 beside PyStemmer 3.1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Its StemmingAnalyzer, the one of its documentation for English, stems "using the Porter stemming algorithm". Porter's step 1b takes one of
# two equal letters off that are left when "ed" or "ing" is gone ("*d and not (*L or *S or *Z) -> single letter"; his own examples are
# hopping to hop, tanned to tan). Whoosh has the rule as a pattern for the end of a word and asks with match(), which begins at the
# beginning, so that it never holds (whoosh/lang/porter.py, _step1b):
#   word                       whoosh           Porter, by PyStemmer
#   hopping, tanned            hopp, tann       hop, tan
#   fitted, fitting            fitt             fit
#   setting, settings          sett             set
#   stopped, running           stopp, runn      stop, run
#   heated, pumping, falling   heat, pump, fall likewise
# In an index with it "fit" and "fits" do not find "The lid is fitted with two screws", "stop" not "Stopping the motor", "set" not
# "Settings of the pump"; "heat" finds "heated". LanguageAnalyzer("en") of the same package finds all of them.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q whoosh-reloaded==2.7.5 PyStemmer==3.1.0
tools/bin/python -W ignore - <<'PY'
import Stemmer
from whoosh.analysis import Analyzer, LanguageAnalyzer, StemmingAnalyzer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.lang.porter import stem
from whoosh.qparser import QueryParser

SEEN = {"hopping": "hopp", "tanned": "tann", "fitted": "fitt", "fitting": "fitt", "settings": "sett", "stopped": "stopp", "running": "runn"}
SAME = ("heated", "pumping", "falling", "hissing", "motors", "relational", "troubled")
porter = Stemmer.Stemmer("porter")
for word in (*SEEN, *SAME):
    print(f"{word:10} whoosh {stem(word):9} PyStemmer {porter.stemWord(word)}")
    assert stem(word) == SEEN.get(word, porter.stemWord(word)), word
    assert (stem(word) == porter.stemWord(word)) == (word in SAME), word

TEXTS = {"fit": "The lid is fitted with two screws.", "stop": "Stopping the motor", "set": "Settings of the pump", "heat": "Heated to 40 degrees"}


def found(analyzer: Analyzer) -> list[str]:
    """The words that find the text which has them in another form."""
    index = RamStorage().create_index(Schema(word=STORED, text=TEXT(analyzer=analyzer)))
    with index.writer() as writer:
        for word, text in TEXTS.items():
            writer.add_document(word=word, text=text)
    with index.searcher() as searcher:
        parser = QueryParser("text", index.schema)
        return [word for word in TEXTS if [hit["word"] for hit in searcher.search(parser.parse(word))] == [word]]


print(found(StemmingAnalyzer()), found(LanguageAnalyzer("en")))
assert found(StemmingAnalyzer()) == ["heat"] and found(LanguageAnalyzer("en")) == list(TEXTS)
PY
