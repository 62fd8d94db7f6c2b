#!/usr/bin/env bash
# inflection 0.5.1 beside inflect 7.6.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# singularize(word): "Return the singular form of a word, the reverse of pluralize()". Its rules go by endings, and of many plain words of
# tools and trades, all of which pluralize() makes rightly, the way back is no word or another one:
#   plural        singularize()      inflect, singular_noun()
#   valves        valf               valve
#   gloves        glofe              glove
#   waves         wafe               wave
#   caves         cafe               cave
#   ties          ty                 tie
#   toes          to                 toe
#   lens          len                (the word is a singular)
#   gas           ga                 (likewise)
#   foot, gas     pluralize(): foots, gas     feet, gases
#   batteries, switches, knives, boxes        right in both
# Names of tables and keys of an index that are made so part what belongs together: a search for "valve" is stored as "valve", the heading
# "Valves" as "valf". No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q inflection==0.5.1 inflect==7.6.0
tools/bin/python - <<'PY'
import inflect
import inflection

CASES = {
    "valve": "valf", "glove": "glofe", "wave": "wafe", "cave": "cafe", "tie": "ty", "toe": "to",
    "battery": "battery", "switch": "switch", "knife": "knife", "box": "box",
}  # fmt: skip
engine = inflect.engine()
for word, seen in CASES.items():
    plural = inflection.pluralize(word)
    found = inflection.singularize(plural)
    print(word, plural, found, engine.singular_noun(plural))
    assert found == seen and engine.plural_noun(word) == plural and engine.singular_noun(plural) == word, word
assert (inflection.singularize("lens"), inflection.singularize("gas")) == ("len", "ga")
assert (inflection.pluralize("foot"), inflection.pluralize("gas")) == ("foots", "gas")
assert (engine.plural_noun("foot"), engine.plural_noun("gas")) == ("feet", "gases")
PY
