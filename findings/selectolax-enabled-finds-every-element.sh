#!/usr/bin/env bash
# selectolax 1.0.2 (its Lexbor backend) beside soupsieve 2.8.1, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# css() finds elements by selectors. ":enabled" stands for the controls of a form that can be used: button, input, select, textarea, optgroup,
# option and fieldset that are not disabled (HTML, "Pseudo-classes"); ":disabled" is its opposite among those, also for an option, and for all
# that is in a disabled fieldset. selectolax takes every element without the attribute "disabled" for enabled, and of the disabled ones it knows
# inputs and buttons:
#   selector            selectolax                                           soupsieve
#   :enabled            html, head, body, p, form …, all but input b         input a, select, option x
#   p:enabled           the paragraph                                        none
#   :disabled           input b                                              input b, option y, fieldset, input c in it
#   :not(:disabled)     so also option y, the fieldset and what is in it     all but these four
#   :required, :optional    alike
# No error, while other pseudo-classes that it does not know (":default", ":target") raise one. A form's usable fields so come with all else of the page.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q selectolax==1.0.2 soupsieve==2.8.1 beautifulsoup4==4.15.0
tools/bin/python - <<'PY'
import bs4
from selectolax.lexbor import LexborHTMLParser

PAGE = (
    '<html><head></head><body><p id="text">t</p><form id="form"><input id="a" required><input id="b" disabled>'
    '<select id="s"><option id="x">1</option><option id="y" disabled>2</option></select>'
    '<fieldset id="f" disabled><input id="c"></fieldset></form></body></html>'
)
ONE, OTHER = LexborHTMLParser(PAGE), bs4.BeautifulSoup(PAGE, "html.parser")


def found(selector):
    return (
        [node.attributes.get("id") or node.tag for node in ONE.css(selector)],
        [node.get("id") or node.name for node in OTHER.select(selector)],
    )


EVERY = ["html", "head", "body", "text", "form", "a", "s", "x", "y", "f", "c"]
CASES = {
    ":enabled": (EVERY, ["a", "s", "x"]),
    "p:enabled": (["text"], []),
    ":disabled": (["b"], ["b", "y", "f", "c"]),
    ":not(:disabled)": (EVERY, EVERY[:-3]),
    ":required": (["a"], ["a"]),
    ":optional": (["b", "s", "c"], ["b", "s", "c"]),
}
for selector, seen in CASES.items():
    print(f"{selector:18}", *found(selector))
    assert found(selector) == seen, selector
PY
