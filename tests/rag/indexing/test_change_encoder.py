"""Every way to name another encoder changes to it: variables, options, settings of a program; or fails at once."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import made_documents
import pytest
from made_documents import make_document
from tiny_models import save_tiny_clip, save_tiny_sentence

import app
from rag.__main__ import main
from rag.config import Settings
from rag.errors import EncoderMismatch, EncoderUnavailable
from rag.index import Index
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.types import Progress, Query

QUESTION = "How is the drain pump cleaned?"
DOCUMENTS = 3


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Models(NamedTuple):
    clip: str
    sentence: str


Call = Callable[..., Said]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    return Models(str(save_tiny_clip(folder / "clip")), str(save_tiny_sentence(folder / "sentence")))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of ``builtin + static``."""
    root = tmp_path_factory.mktemp("made") / "index"
    with Index.open(Settings(index=root, encoder="builtin", words="static"), create=True) as index:
        for number in range(DOCUMENTS):
            folder = index.files.stage()
            index.store(make_document(folder, number), folder)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Sets or unsets both variables, as `.env` does for `make`."""

    def _named(encoder: str, words: str) -> None:
        for name, value in (("PAGESIGHT_ENCODER", encoder), ("PAGESIGHT_WORDS", words)):
            if value:
                monkeypatch.setenv(name, value)
            else:
                monkeypatch.delenv(name, raising=False)

    return _named


@pytest.fixture
def call(root: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def _call(command: str, *arguments: object) -> Said:
        capsys.readouterr()
        code = main([command, *map(str, arguments), "--index", str(root)])
        return Said(code, *capsys.readouterr())

    return _call


def states(root: Path) -> list[tuple[str, str]]:
    with Index.open(Settings(index=root)) as index:
        assert index.check() == []
        known = index.catalogue.generations()
    return [(one.state, one.words if one.words != "static" else one.encoder) for one in known]


def questions(folder: Path) -> Path:
    path = folder / "questions.jsonl"
    lines = [{"doc": f"manual-{n}.pdf", "question": f"clean model {n}", "pages": [1, 2]} for n in range(DOCUMENTS)]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


@pytest.mark.parametrize(
    "how", ["words variable", "encoder variable", "both variables", "options", "option and variable"]
)
def test_reindex_changes_to_the_encoder_that_is_named(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call, how: str
) -> None:
    options: list[object] = []
    if how == "words variable":
        named("", models.sentence)
        options = ["--encoder", "builtin"]
    elif how == "encoder variable":
        named(models.clip, "static")
    elif how == "both variables":
        named(models.clip, models.sentence)
    elif how == "options":
        named("", "")
        options = ["--encoder", models.clip, "--words", models.sentence]
    else:
        named(models.clip, "static")
        options = ["--words", models.sentence]
    done = call("reindex", *options)
    assert done.code == 0, done.err
    assert "Generation 2 is live" in done.out
    assert [state for state, _ in states(root)] == ["previous", "live"]
    disagrees = how == "option and variable"  # the variable still names what the option did not
    assert ("cannot be searched as things are set now" in done.err) == disagrees
    assert call("search", QUESTION).code == int(disagrees)
    named("", "")
    assert call("search", QUESTION).code == 0


@pytest.mark.parametrize("part", ["encoder", "words"])
@pytest.mark.parametrize("by_variable", [False, True])
def test_who_names_one_part_keeps_the_other_as_it_is(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call, part: str, by_variable: bool
) -> None:
    """``auto`` takes other words today than when the index was made: they are not changed by the way."""
    wanted = {"encoder": models.clip} if part == "encoder" else {"words": models.sentence}
    named(*((wanted.get("encoder", ""), wanted.get("words", "")) if by_variable else ("", "")))
    done = call("reindex", *(() if by_variable else (f"--{part}", wanted[part])))
    assert done.code == 0, done.err
    with Index.open(Settings(index=root)) as index:
        made = {"encoder": index.generation.encoder, "words": index.generation.words}
    assert made == {"encoder": "builtin", "words": "static"} | wanted


def test_an_index_of_static_words_goes_on_until_the_packaged_encoders_are_asked_for(
    root: Path, named: Callable[[str, str], None], call: Call, tmp_path: Path
) -> None:
    named("", "")
    assert call("search", QUESTION).code == 0
    assert states(root) == [("live", "builtin")]
    done = call("reindex", "--words", "e5+minilm", "--gate", questions(tmp_path), "--tolerance", "1", "--json")
    verdict = json.loads(done.out)
    if not verdict["swapped"]:  # a machine may have hiccups, and time is judged too
        assert call("switch", verdict["refused"]).code == 0
    with Index.open(Settings(index=root)) as index:
        assert [span.name for span in index.encoder.word_spans] == ["e5", "minilm"]
        assert search(index, Query("Wie wird die Ablaufpumpe gereinigt?")).hits
    assert states(root) == [("previous", "builtin"), ("live", "e5+minilm")]
    assert call("rollback").code == 0
    with Index.open(Settings(index=root)) as index:
        assert index.encoder.words_spec == "static" and search(index, Query(QUESTION)).hits


def test_a_gate_compares_both_encoders_whatever_the_variables_name(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call, tmp_path: Path
) -> None:
    named(models.clip, models.sentence)
    done = call("reindex", "--gate", questions(tmp_path), "--tolerance", "1", "--json")
    verdict = json.loads(done.out)
    assert "gate" in verdict, done.err  # it may refuse: a machine may have hiccups, and time is judged too
    assert states(root)[1][0] == ("live" if verdict["swapped"] else "refused")


def test_a_gate_that_refuses_leaves_the_old_one_live_although_the_variable_names_the_new(
    root: Path, models: Models, named: Callable[[str, str], None]
) -> None:
    named(models.clip, models.sentence)
    with Index.open(Settings.from_environment(index=root)) as index:
        seen: list[int] = []

        def gate(live: IndexReader, candidate: IndexReader) -> bool:
            seen.extend(len(search(one, Query(QUESTION), 3).hits) for one in (live, candidate))
            assert live.generation.id == 1 and candidate.generation.id == 2
            return False

        assert not index.reindex(gate=gate)
        assert seen == [3, 3]
    assert [state for state, _ in states(root)] == ["live", "refused"]


def test_a_program_changes_by_its_settings(root: Path, models: Models, settings: Settings) -> None:
    wanted = replace(settings, index=root, encoder=models.clip, words=models.sentence)
    with Index.open(wanted) as index:
        with pytest.raises(EncoderMismatch, match="python -m rag reindex"):
            index.encoder  # noqa: B018
        assert index.reindex()
        assert index.generation.encoder == models.clip and index.encoder.words_spec == models.sentence
    with Index.open(wanted) as index:
        assert index.encoder.dim == index.generation.dim


def test_the_command_in_the_error_changes_exactly_what_was_asked(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call
) -> None:
    named("", f"{models.sentence}?query=ask for:&dim=8")
    said = call("search", QUESTION)
    assert said.code == 1 and len(said.err.splitlines()) == 1
    command = re.search(r"`python -m rag (reindex [^`]*)`", said.err)
    assert command
    named("", "")  # another shell
    assert main(shlex.split(command[1])) == 0
    named("", f"{models.sentence}?query=ask for:&dim=8")
    assert call("search", QUESTION).code == 0
    with Index.open(Settings.from_environment(index=root)) as index:
        assert index.generation.encoder == "builtin"


def test_with_a_variable_set_rollback_and_switch_work_and_say_that_it_disagrees(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call
) -> None:
    named("builtin", models.sentence)
    assert call("reindex").code == 0
    back = call("rollback")
    assert back.code == 0 and "Generation 1 is live" in back.out
    assert "cannot be searched as things are set now" in back.err and "PAGESIGHT_WORDS" in back.err
    assert states(root) == [("live", "builtin"), ("previous", models.sentence)]
    on = call("switch", 2)
    assert on.code == 0 and "cannot be searched" not in on.err
    assert call("search", QUESTION).code == 0


def test_what_needs_no_encoder_works_whatever_is_named(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call, tmp_path: Path
) -> None:
    named("builtin", models.sentence)
    assert call("status").code == call("list").code == call("generations").code == 0
    assert call("eval", questions(tmp_path), "--generation", "live").code == 0
    assert call("align", "--pca", 5).code == 0
    assert call("remove", "manual-0").code == 0
    assert call("reindex", "--parse").err.count("damaged beyond repair") == DOCUMENTS - 1  # the stand-ins are no PDFs
    assert [state for state, _ in states(root)] == ["live"]
    with Index.open(Settings(index=root)) as index:
        assert index.catalogue.state().writing is None
        assert len(index.means) == 3


def test_adding_and_the_app_stop_at_once_and_say_what_to_do(
    root: Path, models: Models, named: Callable[[str, str], None], call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    named("builtin", models.sentence)
    said = call("add", Path(made_documents.__file__))
    assert said.code == 1 and "python -m rag reindex --index" in said.err
    capsys.readouterr()
    assert app.main(["--index", str(root), "--no-samples"]) == 1
    said_by_app = capsys.readouterr().err.strip()
    assert f"--words {models.sentence}" in said_by_app and "unset PAGESIGHT_ENCODER" in said_by_app
    assert len(said_by_app.splitlines()) == 1


def test_what_cannot_work_fails_before_anything_is_embedded(
    root: Path, models: Models, settings: Settings, named: Callable[[str, str], None], call: Call, tmp_path: Path
) -> None:
    own = save_tiny_clip(tmp_path / "own")
    with Index.open(replace(settings, index=root)) as index:
        assert index.reindex(encoder=str(own))
    steps: list[Progress] = []
    (own / "config.json").unlink()
    with (
        Index.open(Settings(index=root, encoder="builtin", words=models.sentence)) as index,
        pytest.raises(EncoderUnavailable, match="own"),
    ):
        index.reindex(gate=lambda live, candidate: True, progress=steps.append)
    assert steps == []
    named("builtin", str(tmp_path / "nowhere"))
    assert call("reindex", "--parse").code == 1
    (tmp_path / "gone.jsonl").write_text(
        json.dumps({"doc": "manual-0.pdf", "question": "", "image": "gone.png", "pages": [1]})
    )
    named("builtin", models.sentence)
    assert "gone.png" in call("reindex", "--gate", tmp_path / "gone.jsonl").err
    assert [state for state, _ in states(root)] == ["previous", "live"]


def test_an_index_whose_own_encoder_is_gone_can_be_reindexed_and_lost_documents_removed(
    root: Path, models: Models, settings: Settings, tmp_path: Path, named: Callable[[str, str], None], call: Call
) -> None:
    own = save_tiny_clip(tmp_path / "own")
    with Index.open(replace(settings, index=root)) as index:
        assert index.reindex(encoder=str(own))
    shutil.rmtree(own)
    named("", "")
    assert call("remove", "manual-1").code == 0
    assert call("reindex", "--encoder", "builtin", "--words", models.sentence).code == 0
    assert call("search", QUESTION).code == 0


@pytest.mark.parametrize("words", ["static", "off"])
def test_an_index_without_a_record_of_its_parts_is_changed_like_any_other(
    root: Path, models: Models, settings: Settings, words: str, named: Callable[[str, str], None], call: Call
) -> None:
    """Version 0.3.0 kept none."""
    if words == "off":
        with Index.open(replace(settings, index=root)) as index:
            assert index.reindex(encoder=models.clip, words="off")
    with Index.open(Settings(index=root)) as index:
        number = index.generation.id
        record = index.catalogue.record(number)
        with index.catalogue.writing() as db:
            del record["parts"]
            db.execute("UPDATE manifest SET value = ? WHERE key = ?", (json.dumps(record), f"generation {number}"))
        before = {key: value.tolist() for key, value in index.means.items()}
    named("builtin", models.sentence)
    with Index.open(Settings.from_environment(index=root)) as index:
        with index.session():
            pass
        assert {key: value.tolist() for key, value in index.means.items()} == before
        assert index.reindex()
    assert call("search", QUESTION).code == 0


def test_an_empty_index_changes_too(tmp_path: Path, models: Models, settings: Settings) -> None:
    with Index.open(settings, create=True):
        pass
    with Index.open(replace(settings, words=models.sentence)) as index:
        assert index.reindex()
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
        assert search(index, Query(QUESTION)).hits
