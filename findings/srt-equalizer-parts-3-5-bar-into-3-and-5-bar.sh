#!/usr/bin/env bash
# srt-equalizer 0.1.13 with srt 3.5.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Splits long captions into shorter ones, each for its part of the time, by one of three methods. "punctuation" takes every point and comma
# for the end of a phrase, also within a number, and puts a blank behind it where both halves stay in one caption:
#   caption, at most 30 signs                                captions by "punctuation"
#   Set the pressure to 3.5 bar and then open the valve      Set the pressure to 3. | 5 bar and then open the valve
#   The tank of this truck holds 12,500 litres of water      … | 12, 500 litres of water
#   Use at most -0.25 mm of play, no more than that          Use at most -0. 25 mm of play, | no more than that
#   Leave the pump running until 12:30 and stop it then      … until | 12:30 and stop it then: right
# "greedy" and "halving" part the texts at blanks alone and leave them as they are. No error. Who watches reads "3." for seconds, and
# then "5 bar".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q srt-equalizer==0.1.13 srt==3.5.3
tools/bin/python - <<'PY'
from datetime import timedelta

import srt
from srt_equalizer.srt_equalizer import split_subtitle

CASES = {
    "Set the pressure to 3.5 bar and then open the valve": ["Set the pressure to 3.", "5 bar and then open the valve"],
    "The tank of this truck holds 12,500 litres of water": ["The tank of this truck holds", "12, 500 litres of water"],
    "Use at most -0.25 mm of play, no more than that": ["Use at most -0. 25 mm of play,", "no more than that"],
    "Leave the pump running until 12:30 and stop it then": ["Leave the pump running until", "12:30 and stop it then"],
}
for text, seen in CASES.items():
    caption = srt.Subtitle(1, timedelta(seconds=0), timedelta(seconds=10), text)
    found = [part.content for part in split_subtitle(caption, target_chars=30, method="punctuation")]
    print(found)
    assert found == seen, text
    for method in ("greedy", "halving"):
        assert " ".join(part.content for part in split_subtitle(caption, target_chars=30, method=method)) == text
PY
