#!/usr/bin/env bash
# @romanize/korean 0.1.3, beside es-hangul 2.4.0, both from npm, Node 20 or newer, Linux (2026-12-01).
#
# Writes Korean in Latin letters by the Revised Romanization, with its changes of sound (신라 is "silla"). Several of those that the rules themselves give as examples
# (National Institute of Korean Language, chapter 3, 1) are missing, and of two consonants that end a syllable the wrong one or both are written:
#   word       @romanize/korean     is (rules, es-hangul)
#   종로        jongro               jongno
#   학여울       hagyeoul             hangnyeoul
#   알약        aryak                allyak
#   별내        byeolnae             byeollae
#   같이        gati                 gachi
#   닭          dal                  dak       a hen
#   많다        manda                manta     to be many
#   싫어        silheo               sireo
#   신라        silla                right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @romanize/korean@0.1.3 es-hangul@2.4.0 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { romanize as other } from "es-hangul";
import korean from "@romanize/korean";

const cases = {
  종로: ["jongro", "jongno"],
  학여울: ["hagyeoul", "hangnyeoul"],
  알약: ["aryak", "allyak"],
  별내: ["byeolnae", "byeollae"],
  같이: ["gati", "gachi"],
  닭: ["dal", "dak"],
  많다: ["manda", "manta"],
  싫어: ["silheo", "sireo"],
  신라: ["silla", "silla"],
};
for (const [word, [seen, right]] of Object.entries(cases)) {
  console.log(word, korean.romanize(word), other(word));
  assert.equal(korean.romanize(word), seen);
  assert.equal(other(word), right);
}
JS
node look.mjs
