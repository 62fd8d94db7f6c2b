"""Tokens are shown once, kept as hashes, and count or do not count at once."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from rag.__main__ import main
from rag.errors import BadSettings, StoreError
from rag.service.roles import ROLES, allows, is_role
from rag.service.tokens import START, Token, Tokens
from rag.storage.records.credentials import FILES


def test_a_token_is_known_until_it_is_removed_also_to_another_process(tmp_path: Path) -> None:
    mine, running = Tokens(tmp_path), Tokens(tmp_path)
    assert running.of("pagesight_x") is None
    secret = mine.add("backup", "reader")
    assert secret.startswith(START) and len(secret) > 50
    found = running.of(secret)
    assert found is not None and (found.name, found.role) == ("backup", "reader")
    assert [token.name for token in mine.listed()] == ["backup"]
    assert mine.remove("Backup").name == "backup"
    assert running.of(secret) is None and mine.listed() == []


def test_the_file_holds_no_token_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = Tokens(tmp_path).add("backup", "admin")
    written = (tmp_path / FILES["tokens"]).read_text()
    assert secret not in written and secret.removeprefix(START) not in written
    assert stat.S_IMODE((tmp_path / FILES["tokens"]).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 65, "a\nb", "ключ\u202e"])
def test_names_that_would_be_read_wrongly_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be a token's name"):
        Tokens(tmp_path).add(name, "reader")


def test_a_second_token_of_a_name_and_one_that_is_not_there_are_said(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    tokens.add("Ключ 1", "reader")
    with pytest.raises(BadSettings, match="remove that one first"):
        tokens.add("ключ 1", "admin")
    with pytest.raises(BadSettings, match="there are: Ключ 1"):
        tokens.remove("other")


@pytest.mark.parametrize("text", ["", "[]", '{"tokens": [{"name": "x"}]}', '{"tokens": [{"name": 1, "role": "god"}]}'])
def test_nobody_is_let_in_by_a_file_that_cannot_be_understood(text: str, tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    secret = tokens.add("backup", "reader")
    (tmp_path / FILES["tokens"]).write_text(text)
    for _ in range(2):  # also when the file was looked at before
        with pytest.raises(StoreError, match="cannot be read as a list of tokens"):
            tokens.of(secret)


def test_an_unknown_role_in_the_file_is_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    tokens.add("backup", "reader")
    record = json.loads((tmp_path / FILES["tokens"]).read_text())
    record["tokens"][0]["role"] = "root"
    (tmp_path / FILES["tokens"]).write_text(json.dumps(record))
    with pytest.raises(StoreError, match="the role of"):
        tokens.listed()


def test_tokens_made_at_the_same_moment_are_all_kept(tmp_path: Path) -> None:
    def make(number: int) -> None:
        Tokens(tmp_path).add(f"program {number}", "reader")

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Tokens(tmp_path).listed()) == 8


def test_each_role_may_do_what_those_before_it_may() -> None:
    assert [[allows(role, needed) for needed in ROLES] for role in ROLES] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert is_role("editor") and not is_role("Editor") and not is_role("")
    assert Token("x", "reader", "h", "now").role in ROLES


def test_the_command_makes_lists_and_removes_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = ["--index", str(tmp_path)]
    assert main(["token", "add", "nightly import", "--role", "editor", *there]) == 0
    said = capsys.readouterr()
    secret = said.out.strip()
    found = Tokens(tmp_path).of(secret)
    assert found is not None and found.role == "editor" and "not shown again" in said.err
    assert main(["token", "list", *there]) == 0
    listed = capsys.readouterr().out
    assert "nightly import" in listed and "editor" in listed and secret not in listed and found.hash not in listed
    assert main(["token", "add", "nightly import", *there]) == 1
    assert "choose another name" in capsys.readouterr().err
    assert main(["token", "remove", "nightly import", *there]) == 0
    assert main(["token", "remove", "nightly import", *there]) == 1
    assert "there are no tokens" in capsys.readouterr().err
