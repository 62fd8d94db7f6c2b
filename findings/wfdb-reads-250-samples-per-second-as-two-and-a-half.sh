#!/usr/bin/env bash
# wfdb 4.3.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads recordings of PhysioNet's format. The rate in a header is a number in any form that scanf reads: "thus '360', '360.', '360.0', and '3.6e2' are all
# legal and equivalent" (WFDB Applications Guide, header(5)). Of a rate with an exponent the digits before it are the rate:
#   record line       rdheader().fs      seconds of 500 samples
#   made 1 250 500    250                2
#   made 1 2.5e2 500  2.5                200
#   made 1 1E3 500    1                  500
# The gain of a signal, a line below, is read with its exponent (1e3/mV is 1000). No error: a heart of 60 beats per minute has .6.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q wfdb==4.3.1 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy
import wfdb

numpy.arange(500, dtype="<i2").tofile("made.dat")
for rate, seen in {"250": 250, "250.0": 250, "2.5e2": 2.5, "1E3": 1}.items():
    with open("made.hea", "w") as file:
        file.write(f"made 1 {rate} 500\nmade.dat 16 1e3/mV 16 0 0 0 0 I\n")
    record = wfdb.rdrecord("made")
    print(rate, record.fs, record.sig_len, record.adc_gain)
    assert record.fs == seen, rate
    assert record.adc_gain == [1000], rate
PY
