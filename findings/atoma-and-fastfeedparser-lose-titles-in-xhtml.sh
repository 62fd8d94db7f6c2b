#!/usr/bin/env bash
# atoma 0.0.17 and fastfeedparser 0.6.5, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In Atom a title, summary or content of type "xhtml" holds one div whose content is the text (RFC 4287, 3.1.1.3, 4.1.3.3). atoma names xhtml among what it
# reads; its value is None, since only the element's own text is taken. fastfeedparser leaves the title empty, and parts a number where its content is
# raised. feedparser 6.0.14 reads them:
#   in the feed                                             atoma     fastfeedparser     feedparser
#   <title type="xhtml"><div>Set <b>5</b> bar</div>         None      (empty)            Set <b>5</b> bar
#   <content type="xhtml"><div>10<sup>6</sup> Pa</div>      None      10 6 Pa            10<sup>6</sup> Pa
#   <title type="html">Set &lt;b>5&lt;/b> bar               right     right              right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q atoma==0.0.17 fastfeedparser==0.6.5 feedparser==6.0.14
tools/bin/python - <<'PY'
import atoma
import fastfeedparser
import feedparser

XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
ENTRY = "<entry><id>urn:x:{0}</id><updated>2024-02-29T12:00:00Z</updated><title type='{1}'>{2}</title>{3}</entry>"
FEED = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>made</title><id>urn:x:0</id>'
    "<updated>2024-02-29T12:00:00Z</updated>"
    + ENTRY.format(1, "xhtml", XHTML.format("Set <b>5</b> bar"), f"<content type='xhtml'>{XHTML.format('10<sup>6</sup> Pa')}</content>")
    + ENTRY.format(2, "html", "Set &lt;b&gt;5&lt;/b&gt; bar", "")
    + "</feed>"
)
first, second = atoma.parse_atom_bytes(FEED.encode()).entries
print(first.title, first.content, second.title)
assert (first.title and first.title.value, first.content and first.content.value) == (None, None)
assert second.title.value == "Set <b>5</b> bar"
first, second = fastfeedparser.parse(FEED).entries
print(first.title, first.description, second.title)
assert (first.title, first.description, second.title) == ("", "10 6 Pa", "Set <b>5</b> bar")
first, second = feedparser.parse(FEED).entries
print(first.title, first.content[0].value, second.title)
assert (first.title, first.content[0].value, second.title) == ("Set <b>5</b> bar", "10<sup>6</sup> Pa", "Set <b>5</b> bar")
PY
