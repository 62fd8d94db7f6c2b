#!/usr/bin/env bash
# rdflib 7.6.0 beside pyoxigraph 0.5.13, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Both answer SPARQL. "?v IN (5)" is defined as "?v = 5" (SPARQL 1.1, 17.4.1.9: "(lhs = expression1) || (lhs = expression2) || ..."), and
# "=" compares numbers and times by value. rdflib's IN compares what is written and its type, as a list of Python's does, so the two
# differ, and so do their negations. Of values 5, 5.0, "5.0"^^xsd:double and 6, and of one moment written in two time zones, seen
#   filter                              rdflib             pyoxigraph, and "=" of rdflib
#   ?v IN (5)                           5                  5, 5.0, "5.0"^^xsd:double
#   ?v NOT IN (5)                       5.0, "5.0", 6      6
#   ?t IN ("…T08:00:00Z")               none               both, "…T08:00:00Z" itself and "…T10:00:00+02:00"
# There is no error. A list of permitted values then leaves out what another program has written with a decimal place, and an exclusion
# lets it through. "=" and "!=" are right.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q rdflib==7.6.0 pyoxigraph==0.5.13
tools/bin/python -W ignore - <<'PY'
import pyoxigraph
import rdflib

DATA = """
@prefix : <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :value 5 . :b :value 5.0 . :c :value "5.0"^^xsd:double . :d :value 6 .
:e :time "2026-11-30T08:00:00Z"^^xsd:dateTime . :f :time "2026-11-30T10:00:00+02:00"^^xsd:dateTime .
"""
PREFIX = "PREFIX : <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
MOMENT = '"2026-11-30T08:00:00Z"^^xsd:dateTime'
CASES = [  # property, filter, rdflib, pyoxigraph
    ("value", "?v IN (5)", "a", "abc"),
    ("value", "?v = 5", "abc", "abc"),
    ("value", "?v NOT IN (5)", "bcd", "d"),
    ("value", "?v != 5", "d", "d"),
    ("value", "?v IN (5.0, 6)", "bd", "abcd"),
    ("time", f"?v IN ({MOMENT})", "", "ef"),
    ("time", f"?v = {MOMENT}", "ef", "ef"),
]
graph = rdflib.Graph().parse(data=DATA, format="turtle")
store = pyoxigraph.Store()
store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TURTLE)
for name, condition, seen, right in CASES:
    query = f"{PREFIX}SELECT ?s WHERE {{ ?s :{name} ?v FILTER({condition}) }}"
    one = "".join(sorted(str(row[0])[-1] for row in graph.query(query)))
    other = "".join(sorted(row["s"].value[-1] for row in store.query(query)))
    print(f"{condition:50} rdflib {one:5} pyoxigraph {other}")
    assert (one, other) == (seen, right), condition
PY
