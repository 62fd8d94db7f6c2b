"""Users in a file of the index, their passwords hashed, and the command that makes them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from quick_parts import HASHER

from rag.__main__ import main
from rag.errors import BadSettings, StoreError
from rag.service.passwords import hashed, is_right
from rag.service.users import Users
from rag.storage.records.credentials import FILES

PASSWORD = "correct horse"


def test_a_password_is_kept_as_its_argon2_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.service.passwords._HASHER", HASHER)
    hash_ = hashed(PASSWORD)
    assert hash_.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and PASSWORD not in hash_
    assert is_right(PASSWORD, hash_)
    assert not is_right("correct horsf", hash_)
    assert not is_right("", "") and not is_right(PASSWORD, "") and not is_right(PASSWORD, "no hash")
    for wrong in ("short", "x" * 2000):
        with pytest.raises(BadSettings, match="characters"):
            hashed(wrong)


def test_users_are_made_changed_and_removed_at_once(tmp_path: Path) -> None:
    users, running = Users(tmp_path), Users(tmp_path)
    users.add("ana", "admin", None)
    assert running.find("ana") == users.find("ana")
    users.set_role("ana", "reader")
    found = running.find("ana")
    assert found is not None and found.role == "reader"
    users.remove("ana")
    assert running.find("ana") is None and running.listed() == []
    assert (tmp_path / FILES["users"]).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", " ana", "a b", "a:b", "a/b", "x" * 65, "<img>", "a\nb", "-x"])
def test_a_name_is_a_plain_word(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSettings, match="cannot be a user's name"):
        Users(tmp_path).add(name, "reader", None)


def test_a_name_is_taken_once_in_whatever_letters(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("Ana", "reader", None)
    with pytest.raises(BadSettings, match="already"):
        users.add("ana", "reader", None)
    with pytest.raises(BadSettings, match="There is no user 'bo'; there are: Ana"):
        users.remove("bo")
    with pytest.raises(BadSettings, match="There is no user 'bo'; there are: Ana"):
        users.set_role("bo", "admin")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"users": [{"name": "a", "role": "god", "hash": "", "created": ""}]}']
)
def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / FILES["users"]).write_text(text)
    with pytest.raises(StoreError, match=r"users\.json"):
        Users(tmp_path).find("a")


def test_the_command_reads_the_password_from_a_pipe(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    index = ["--index", str(tmp_path)]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["user", "add", "ana", "--role", "editor", *index]) == 0
    kept = (tmp_path / FILES["users"]).read_text()
    assert PASSWORD not in kept and "argon2id" in kept
    assert main(["user", "role", "ana", "admin", *index]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["user", "passwd", "ana", *index]) == 1
    assert main(["user", "add", "bo", "--no-password", *index]) == 0
    capsys.readouterr()
    assert main(["user", "list", "--json", *index]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["name"], one["role"], one["password"]) for one in listed] == [
        ("ana", "admin", True),
        ("bo", "reader", False),
    ]
    assert "hash" not in listed[0]
    assert main(["user", "remove", "ana", *index]) == 0
    assert main(["user", "remove", "ana", *index]) == 1
    assert "There is no user 'ana'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["user", "add", "cy", "--role", "god", *index])
