#!/usr/bin/env bash
# @tryfabric/martian 1.2.4 beside html-to-text 10.0.1 after marked 17.0.1, from npm, Node 20 or newer, Linux (2026-12-01).
#
# "Converts Markdown to Notion Blocks and RichText". A link may name its address elsewhere in the text: [5 bar][r], [r] or [r][] (CommonMark 0.31, 6.3). The words
# of such links are not in the blocks, and neither is what stands in blocks of HTML:
#   Markdown                                   text of the blocks        is
#   Set [5 bar][r] and wait                    Set  and wait             Set 5 bar and wait
#   See [table 7] below                        See  below                See table 7 below
#   <div>6 bar</div>                           (nothing)                 6 bar
#   Set [5 bar](http://example.org/)           right
# No error, nor a block of an unsupported kind.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @tryfabric/martian@1.2.4 html-to-text@10.0.1 marked@17.0.1 >/dev/null
cat >look.mjs <<'JS'
import assert from "assert";
import { createRequire } from "module";
import { convert } from "html-to-text";
import { marked } from "marked";
const { markdownToBlocks } = createRequire(import.meta.url)("@tryfabric/martian");
const text = (markdown) => markdownToBlocks(markdown).map((block) => block[block.type].rich_text.map((part) => part.text.content).join("")).join("\n");
const other = (markdown) => convert(marked.parse(markdown), { selectors: [{ selector: "a", options: { ignoreHref: true } }] });
const cases = [
  ["Set [5 bar][r] and wait\n\n[r]: http://example.org/", "Set  and wait", "Set 5 bar and wait"],
  ["See [table 7] below\n\n[table 7]: http://example.org/", "See  below", "See table 7 below"],
  ["<div>6 bar</div>", "", "6 bar"],
  ["Set [5 bar](http://example.org/)", "Set 5 bar", "Set 5 bar"],
];
for (const [markdown, seen, right] of cases) {
  console.log(JSON.stringify(markdown), text(markdown), "|", other(markdown));
  assert.deepStrictEqual([text(markdown), other(markdown)], [seen, right]);
}
JS
node look.mjs
