#!/usr/bin/env bash
# korean-romanizer 0.28.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Writes Korean in Latin letters by the Revised Romanization, which follows the sound: consonants that meet change each other (Ministry of Culture,
# notice 2014-42, chapter 3, article 1: 백마 Baengma, 신문로 Sinmunno, 종로 Jongno, 왕십리 Wangsimni, 별내 Byeollae, 신라 Silla, 해돋이 haedoji, 같이 gachi, 알약
# allyak, 잡혀 japyeo are its examples). Some changes are made, others not, so that a name is another than on signs and maps:
#   word      romanize()      the notice
#   신라      sinra           Silla
#   종로      jongro          Jongno
#   백마      baekma          Baengma
#   왕십리    wangsipri       Wangsimni
#   같이      gati            gachi
#   알약      aryak           allyak
#   좋고, 놓다, 설악, 벚꽃     joko, nota, seorak, beotkkot: right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q korean-romanizer==0.28.0
tools/bin/python - <<'PY'
from korean_romanizer.romanizer import Romanizer

EXAMPLES = {
    "신라": ("sinra", "silla"), "종로": ("jongro", "jongno"), "백마": ("baekma", "baengma"), "왕십리": ("wangsipri", "wangsimni"),
    "같이": ("gati", "gachi"), "해돋이": ("haedodi", "haedoji"), "알약": ("aryak", "allyak"), "별내": ("byeolnae", "byeollae"),
    "신문로": ("sinmunro", "sinmunno"), "잡혀": ("japhyeo", "japyeo"),
    "좋고": ("joko", "joko"), "놓다": ("nota", "nota"), "설악": ("seorak", "seorak"), "벚꽃": ("beotkkot", "beotkkot"),
}  # fmt: skip
for word, (seen, right) in EXAMPLES.items():
    written = Romanizer(word).romanize()
    print(word, written, right)
    assert written == seen, word
PY
