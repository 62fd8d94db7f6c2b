#!/usr/bin/env bash
# human-readable 2.0.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# scientific_notation(1500) gives "1.50 x 10³", "scientific notation z.wq x 10ⁿ" (docstring). The minus of a number below zero is taken
# from its front and put before the exponent, so that a large debt becomes a small credit; humanize 4.17, which the library was made from, keeps
# it where it is. Among the examples of the docstring is -1000 as "1.00 x 10⁻³"; of humanize's, as "-1.00 x 10³". fractional() writes the sign of a mixed number twice:
#   call                              human-readable       humanize.scientific, .fractional
#   scientific_notation(-1500)        1.50 x 10⁻³          -1.50 x 10³
#   scientific_notation(-3e8)         3.00 x 10⁻⁸          -3.00 x 10⁸
#   scientific_notation(-0.002)       2.00 x 10⁻⁻³         -2.00 x 10⁻³
#   scientific_notation(0.002)        2.00 x 10⁻³          the same
#   fractional(-2.5)                  -2 -1/2              -2 1/2
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q human-readable==2.0.3 humanize==4.17.0
tools/bin/python - <<'PY'
import human_readable
import humanize

NUMBERS = {
    -1500: ("1.50 x 10⁻³", "-1.50 x 10³"),
    -3e8: ("3.00 x 10⁻⁸", "-3.00 x 10⁸"),
    -0.002: ("2.00 x 10⁻⁻³", "-2.00 x 10⁻³"),
    0.002: ("2.00 x 10⁻³", "2.00 x 10⁻³"),
    1500: ("1.50 x 10³", "1.50 x 10³"),
}
for number, (seen, right) in NUMBERS.items():
    written, other = human_readable.scientific_notation(number), humanize.scientific(number)
    print(number, written, other)
    assert (written, other) == (seen, right), number
for number, (seen, right) in {-2.5: ("-2 -1/2", "-2 1/2"), 2.5: ("2 1/2", "2 1/2")}.items():
    written, other = human_readable.fractional(number), humanize.fractional(number)
    print(number, written, other)
    assert (written, other) == (seen, right), number
PY
