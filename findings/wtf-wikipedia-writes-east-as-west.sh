#!/usr/bin/env bash
# wtf_wikipedia 10.4.2, from npm, Node 20 or newer, Linux (2026-12-01).
#
# Gives the plain text of pages of Wikipedia. {{coord}} gets its letters, N and W, whatever its signs say, and signs beside; what stands between a "<" and a ">" is taken for a tag; and
# of some templates of numbers a part or everything is left out (Template:Coord, Template:Val, Template:± of Wikipedia):
#   wikitext                      seen                    is
#   {{coord|-0.5|0.1}}            -0.5°N, 0.1°W           0.5° S, 0.1° E
#   {{coord|51|30|N|0|7|W}}       51.5°N, -0.11667°W      51.5° N, 0.11667° W; minus west is east
#   10 < 20 > 5                   10 5                    10 < 20 > 5
#   {{val|5|0.1}}                 5                       5.0 ± 0.1
#   {{±|5}} mm                    mm                      ±5 mm
#   5&nbsp;V, &minus;5            5 V, &minus;5           5 V, −5
#   {{val|1.5e3|u=m}}, {{frac|3|1|2}}, {{convert|5|km|mi}}: 1,500 m, 3 1/2, 5 km, right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund wtf_wikipedia@10.4.2 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import wtf from "wtf_wikipedia";

const cases = {
  "{{coord|-0.5|0.1}}": "-0.5°N, 0.1°W",
  "{{coord|51|30|N|0|7|W}}": "51.5°N, -0.11667°W",
  "10 < 20 > 5": "10 5",
  "{{val|5|0.1}}": "5",
  "{{±|5}} mm": "mm",
  "5&nbsp;V &minus;5": "5 V &minus;5",
  "{{val|1.5e3|u=m}}": "1,500 m",
  "{{frac|3|1|2}}": "3 1/2",
};
for (const [wikitext, seen] of Object.entries(cases)) {
  const found = wtf(wikitext).text().trim();
  console.log(wikitext, "|", found);
  assert.equal(found, seen);
}
JS
node look.mjs
