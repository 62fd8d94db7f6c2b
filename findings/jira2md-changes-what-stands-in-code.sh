#!/usr/bin/env bash
# jira2md 3.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "JIRA to MarkDown text format converter". {code}, {noformat} and {{…}} of Jira show their text as it is. Signs within them are converted all the same, so that a program
# computes something else; signs between letters and digits, which mark nothing in Jira, are too, and two of them far apart become one mark:
#   Jira                          to_markdown()                       is
#   {code} x = 2*3*4; a_b_c       x = 2**3**4; a*b*c, a power         unchanged, in a block of code
#   {noformat} *raw*              **raw**                             unchanged
#   {{x_y_z}}                     `x*y*z`                             `x_y_z`
#   p_1 and p_2                   p*1 and p*2                         p_1 and p_2
#   2^3 and 4^5                   2<sup>3 and 4</sup>5                2^3 and 4^5
#   !a.png! and !b.png!           ![](a.png! and !b.png)              two pictures
#   h1. 5, 10^-3^, {color:red}5{color}      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund jira2md@3.0.1 >/dev/null
cat >look.js <<'JS'
const assert = require("assert");
const { to_markdown } = require("jira2md");
const cases = {
  "{code}\nx = 2*3*4; a_b_c\n{code}": "```\nx = 2**3**4; a*b*c\n```",
  "{noformat}\n*raw*\n{noformat}": "```\n**raw**\n```",
  "{{x_y_z}}": "`x*y*z`",
  "p_1 and p_2": "p*1 and p*2",
  "2^3 and 4^5": "2<sup>3 and 4</sup>5",
  "!a.png! and !b.png!": "![](a.png! and !b.png)",
  "h1. 5": "# 5",
  "10^-3^": "10<sup>-3</sup>",
  "{color:red}5{color} bar": "5 bar",
};
for (const [text, seen] of Object.entries(cases)) {
  console.log(JSON.stringify(text), JSON.stringify(to_markdown(text)));
  assert.strictEqual(to_markdown(text), seen);
}
assert.strictEqual(eval("2*3*4"), 24);
assert(eval("2**3**4") > 1e24);
JS
node look.js
