#!/usr/bin/env bash
# hl7 0.4.5 (python-hl7), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Message.escape() makes text ready for a field of an HL7 message, unescape() reads it. A character beyond ASCII becomes "\X...\", which
# is, by HL7 version 2 (chapter 2, "Hexadecimal": \Xdddd...\), one or more pairs of hexadecimal digits, each pair one byte. escape()
# writes the number of the character instead, with as many digits as it happens to have, and a blank where it has one. What it wrote it
# reads as other text itself, without an error:
#   text            escape()                 unescape() of it
#   ≤ 3 mg/l        \X2264\ 3 mg/l           "d 3 mg/l
#   ≥5              \X2265\5                 "e5                   the limit is lost, and a letter stands before the number
#   5 kΩ            5 k\X3a9\                5 k:\t                an odd digit is left over
#   −40             \X2212\40                "\x1240               the minus sign proper
#   10 µg, 37 °C    10 \Xb5\g, 37 \Xb0\C     10 µg, 37 °C          right, as all up to ÿ are
#   a\tb            a\X 9\b                  a\tb                  a blank in the place of a digit
# The docstring says "Replace non-ascii values with hex versions using HL7 conventions".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q hl7==0.4.5
tools/bin/python - <<'PY'
import hl7

CASES = [  # text, as escaped, as read again
    ("\N{LESS-THAN OR EQUAL TO} 3 mg/l", r"\X2264" "\\ 3 mg/l", '"d 3 mg/l'),
    ("\N{GREATER-THAN OR EQUAL TO}5", r"\X2265" "\\5", '"e5'),
    ("5 k\N{GREEK CAPITAL LETTER OMEGA}", r"5 k\X3a9" "\\", "5 k:\t"),
    ("\N{MINUS SIGN}40", r"\X2212" "\\40", '"\x1240'),
    ("10 \N{MICRO SIGN}g", r"10 \Xb5" "\\g", "10 \N{MICRO SIGN}g"),
    ("37 \N{DEGREE SIGN}C", r"37 \Xb0" "\\C", "37 \N{DEGREE SIGN}C"),
    ("a\tb", r"a\X 9" "\\b", "a\tb"),
    ("50|60^2", r"50\F\60\S\2", "50|60^2"),
]
message = hl7.parse("MSH|^~\\&|A|B|C|D|20261130||ORU^R01|1|P|2.5\r")
for text, written, read in CASES:
    found = message.escape(text)
    again = message.unescape(found)
    print(f"{text!r:16} {found!r:24} {again!r}")
    assert (found, again) == (written, read), text
limit = message.escape("\N{LESS-THAN OR EQUAL TO} 3")
whole = hl7.parse(f"MSH|^~\\&|A|B|C|D|20261130||ORU^R01|1|P|2.5\rOBX|1|ST|CRP||{limit}|mg/l\r")
assert whole.unescape(str(whole.segment("OBX")[5])) == '"d 3'
PY
