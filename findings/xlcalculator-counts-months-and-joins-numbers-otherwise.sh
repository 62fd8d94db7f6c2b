#!/usr/bin/env bash
# xlcalculator 0.5.0 beside IronCalc 0.9.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# "Reads an Excel file, converts the formulas to Python and evaluates". Some functions answer otherwise than Excel (Microsoft's reference: TRIM
# leaves "single spaces between words", DATEDIF "m" counts the complete months; a number that is joined to text has the form "General").
# Seen, without an error:
#   formula                                              xlcalculator       Excel, IronCalc
#   10/2 & " bar"                                        5.0 bar            5 bar
#   TRUE & ""                                            True               TRUE
#   TRIM("  a   b ")                                     a   b              a b
#   DATEDIF(DATE(2027,1,31), DATE(2027,3,1), "m")        0                  1
#   DATEDIF(DATE(2026,1,15), DATE(2027,3,20), "m")       14                 14
#   0.1 + 0.2 = 0.3                                      False              True           Excel compares 15 digits
#   ROUND(-2.5, 0), MOD(-7, 3), CEILING(-2.5, -2), WEEKDAY, EOMONTH        right
# Lookups by such texts ("5 bar", names that were trimmed) find nothing then. (That ATAN2 has its arguments exchanged was reported: pull
# request 77 of xlcalculator.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q xlcalculator==0.5.0 ironcalc==0.9.1 setuptools==80.9.0
tools/bin/python - <<'PY'
import warnings

warnings.simplefilter("ignore")
import ironcalc
from xlcalculator import Evaluator, ModelCompiler

CASES = [
    ('=10/2&" bar"', "5.0 bar", "5 bar"),
    ('=TRUE&""', "True", "TRUE"),
    ('=TRIM("  a   b ")', "a   b", "a b"),
    ('=DATEDIF(DATE(2027,1,31),DATE(2027,3,1),"m")', "0", "1"),
    ('=DATEDIF(DATE(2026,1,15),DATE(2027,3,20),"m")', "14", "14"),
    ("=IF(0.1+0.2=0.3,1,0)", "0", "1"),
    ("=ROUND(-2.5,0)", "-3", "-3"),
    ("=MOD(-7,3)", "2", "2"),
    ("=CEILING(-2.5,-2)", "-4", "-4"),
]
other = ironcalc.create("sheet", "en", "UTC", "en")
for row, (formula, _, _) in enumerate(CASES, 1):
    other.set_user_input(0, row, 1, formula)
other.evaluate()
for row, (formula, seen, right) in enumerate(CASES, 1):
    value = Evaluator(ModelCompiler().read_and_parse_dict({"S!A1": formula})).evaluate("S!A1")
    value = getattr(value, "value", value)
    found = value if isinstance(value, str) else f"{float(value):g}"
    print(f"{formula:46} {found!r:12} {other.get_formatted_cell_value(0, row, 1)!r}")
    assert (found, other.get_formatted_cell_value(0, row, 1)) == (seen, right), formula
PY
