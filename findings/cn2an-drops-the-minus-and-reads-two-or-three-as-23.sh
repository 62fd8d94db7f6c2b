#!/usr/bin/env bash
# cn2an 0.5.24, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Chinese numbers into Arabic ones. cn2an(text, "smart") takes mixtures of both, as newspapers and data sheets have them, and
# "all three modes support negative numbers" (README, of 负, minus). Where Arabic digits follow 负 and one unit, or none, the
# sign is lost. transform(text) does whole sentences: "two or three" is two digits in a row in Chinese and becomes a number of two digits,
# "below zero" a nought, and a number with a comma two numbers:
#   call                                    seen                  is
#   cn2an("负3百", "smart")                   300                  -300
#   cn2an("负0.5万", "smart")                 5000                 -5000
#   cn2an("负1千2百", "smart"), "-0.5万"        -1200, -5000         as it should be
#   transform("等待五六分钟", "cn2an")            等待56分钟              wait for five or six minutes
#   transform("转动两三次", "cn2an")             转动23次               turn it two or three times
#   transform("零下五度", "cn2an")              0下5度                five degrees below zero ("零下五摄氏度" is -5℃)
#   transform("1,000公斤", "an2cn")            一,零公斤              one thousand kilograms ("1000公斤" is 一千公斤)
# No error and no warning, while 五六十 (fifty or sixty) is left alone with one.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q cn2an==0.5.24
tools/bin/python - <<'PY'
import warnings

from cn2an import cn2an, transform

warnings.simplefilter("error")
NUMBERS = {"负3百": 300, "负2万": 20000, "负12": 12, "负0.5万": 5000, "负1.5亿": 150000000}
RIGHT = {"负1千2百": -1200, "-0.5万": -5000, "负三百": -300, "负五千": -5000, "3百": 300}
for text, seen in (NUMBERS | RIGHT).items():
    print(text, cn2an(text, "smart"))
    assert cn2an(text, "smart") == seen, text
TEXTS = {
    ("等待五六分钟", "cn2an"): "等待56分钟",
    ("转动两三次", "cn2an"): "转动23次",
    ("零下五度", "cn2an"): "0下5度",
    ("零下五摄氏度", "cn2an"): "-5℃",
    ("1,000公斤", "an2cn"): "一,零公斤",
    ("1000公斤", "an2cn"): "一千公斤",
}
for (text, way), seen in TEXTS.items():
    print(text, transform(text, way))
    assert transform(text, way) == seen, text
try:
    transform("五六十米", "cn2an")
except UserWarning as warning:
    print("五六十米", "warned:", warning)
else:
    raise AssertionError("no warning")
PY
