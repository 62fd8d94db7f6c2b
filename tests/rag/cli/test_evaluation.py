"""Question sets on the command line: scored, listed, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_eval_scores_questions_and_writes_their_hits(library: Path, call: Any, tmp_path: Path) -> None:
    questions, hits = tmp_path / "questions.jsonl", tmp_path / "hits.jsonl"
    common = {"doc": "lagoon-manual.pdf", "answerable": True, "boxes": []}
    rows = [
        {"question": "What does E18 mean?", "pages": [2], "kinds": ["table"]},
        {"question": "How heavy is the drum?", "pages": [1], "kinds": ["text"]},
    ]
    questions.write_text("".join(json.dumps({**row, **common}) + "\n" for row in rows), encoding="utf-8")
    result = call("eval", questions, "--index", library, "--hits", hits)
    assert result.code == 0, result.err
    assert "R@5" in result.out
    assert "table" in result.out and "words → picture" in result.out
    written = [json.loads(line) for line in hits.read_text(encoding="utf-8").splitlines()]
    assert {(row["id"], row["scope"]) for row in written} == {(i, s) for i in (0, 1) for s in ("doc", "library")}
    assert all({"doc", "page", "kind", "bbox", "score"} <= set(hit) for row in written for hit in row["hits"])
    assert written[0]["hits"][0]["page"] == 2
    again = call("eval", questions, "--index", library, "--scope", "doc", "--against", hits, "--json").rows[0]
    assert again["comparison"]["doc"]["flips"] == []
    assert set(again["comparison"]) == {"doc"}
    assert again["measures"]["doc/table"]["R@5"] == 1.0
    lines = hits.read_text(encoding="utf-8").splitlines()
    worse = tmp_path / "worse.jsonl"
    worse.write_text("".join(line + "\n" for line in (json.dumps({**json.loads(lines[0]), "hits": []}), *lines[1:])))
    told = call("compare", questions, hits, worse)
    assert told.code == 0 and "R@5: 1 lost, 0 found" in told.out and "What does E18 mean?" in told.out
    assert call("compare", questions, worse, hits, "--json").rows[0]["doc"]["flips"][0]["now"] == "found"
    assert "no generation 'old'" in call("eval", questions, "--index", library, "--against", "old").complaint


def test_eval_prints_several_sets_beside_each_other(library: Path, call: Any, tmp_path: Path) -> None:
    one, other = (tmp_path / folder / "questions.jsonl" for folder in ("codes", "other"))
    rows = [
        {"question": "What does E18 mean?", "pages": [2], "kinds": ["table"], "style": "keyword"},
        {"question": "How heavy is the drum?", "pages": [1], "kinds": ["text"], "style": "lookup"},
        {"question": "How heavy is the ship?", "pages": [99], "kinds": ["text"], "answer": "3 t"},
    ]
    for path, own in ((one, rows[:2]), (other, rows[1:])):
        path.parent.mkdir()
        path.write_text("".join(json.dumps({**row, "doc": "lagoon-manual.pdf"}) + "\n" for row in own), "utf-8")
    hits, missed = tmp_path / "hits.jsonl", tmp_path / "missed"
    common = (one, other, "--index", library)
    result = call("eval", *common, "--hits", hits, "--misses", f"{missed}.md", "--ablation", "--libraries", 1)
    assert result.code == 0, result.err
    assert "mean, each set the same weight" in result.out and "in a library of 1" in result.out
    assert "style keyword\n  codes/questions.jsonl " in result.out
    assert "R@5 without a channel" in result.out and "full text " in result.out
    assert "other/questions.jsonl, in the document: 1 missed (1 no channel)" in result.out
    told = Path(f"{missed}.md").read_text(encoding="utf-8")
    assert "## other/questions.jsonl, in the library: 1 missed" in told and "## codes/questions.jsonl: none" in told
    assert "- line 2: How heavy is the ship?" in told

    again = call("eval", *common, "--against", hits, "--misses", f"{missed}.jsonl", "--answers", "--json")
    (as_json,) = again.rows
    assert set(as_json["sets"]) == {"codes/questions.jsonl", "other/questions.jsonl"}
    of_other = as_json["sets"]["other/questions.jsonl"]
    assert of_other["comparison"]["library"]["flips"] == [] and of_other["misses"]["doc"] == {"no channel": 1}
    assert as_json["mean"]["doc"]["R@5"]["mean"] == 0.75 and as_json["mean"]["doc"]["R@5"]["baseline"] == 0.75
    assert 0.0 <= of_other["measures"]["doc/all"]["answered"] <= 1.0
    (line, *_) = [json.loads(row) for row in Path(f"{missed}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (line["set"], line["line"], line["class"]) == ("other/questions.jsonl", 2, "no channel")

    compared = call("compare", one, other, hits, hits, "--json").rows[0]
    assert set(compared["sets"]) == {"codes/questions.jsonl", "other/questions.jsonl"}
    assert "codes/questions.jsonl, in the document: 2 questions" in call("compare", one, other, hits, hits).out
    assert "is given twice" in call("eval", one, one, "--index", library).complaint
    assert "A library of 9 cannot be drawn" in call("eval", *common, "--libraries", 9).complaint


def test_eval_judges_answers_lists_them_and_compares_two_runs(library: Path, call: Any, tmp_path: Path) -> None:
    questions, hits, listed = (tmp_path / name for name in ("q.jsonl", "hits.jsonl", "answers.jsonl"))
    rows: list[dict[str, object]] = [
        {"question": "What does E18 mean?", "pages": [2], "answer": "Drain pump blocked", "answer_format": "Str"},
        {"question": "How much does the drum weigh?", "pages": [1], "answer": "46 kg", "answer_format": "Int"},
        {"question": "Which colour has the moon of Jupiter?", "pages": [], "answerable": False},
    ]
    questions.write_text("".join(json.dumps({**row, "doc": "lagoon-manual.pdf"}) + "\n" for row in rows), "utf-8")
    common = (questions, "--index", library, "--scope", "doc", "--answers-out", listed)
    result = call("eval", *common, "--hits", hits)
    assert result.code == 0, result.err
    assert "right answer in a text of the evidence pages" in result.out and "2 of 3" in result.out
    assert "what became of the questions" in result.out and "format    Int" in result.out
    lines = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["gold"]) for line in lines] == [(0, "Drain pump blocked"), (1, "46 kg"), (2, "")]
    assert all(line["answer"] and line["verdict"] and line["seconds"] > 0 for line in lines)

    again = call("eval", *common, "--against", hits, "--json").rows[0]
    assert again["answers"]["doc"]["slices"][0]["measures"]["gold shown"]["mean"] == 1.0
    assert again["answers"]["doc"]["seconds"]["whole"]["p50"] > 0
    assert again["answers_compared"]["doc"]["moved"] == []
    compared = call("compare", questions, hits, hits)
    assert "answers, in the document: 3 questions" in compared.out and "gold said" in compared.out
    assert call("compare", questions, hits, hits, "--json").rows[0]["answers"]["doc"]["moved"] == []
