"""Users and tokens of a library that several machines share are in its tables, and move with it."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stores import fresh
from vector_engines import PostgresServer

from rag.__main__ import main
from rag.config import Settings
from rag.errors import BadSettings, StoreError
from rag.index import Index
from rag.service.credentials import opened
from rag.service.tokens import Tokens
from rag.service.users import Users
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import restore
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.credentials import FILES, TAKEN


@pytest.fixture
def settings(postgres: PostgresServer, tmp_path: Path) -> Settings:
    """Of a library whose machines have no folder in common."""
    files = str(tmp_path / "elsewhere")
    return Settings(index=tmp_path / "one", encoder="builtin", words="static", store_url=fresh(postgres), files=files)


@pytest.fixture
def machines(settings: Settings, tmp_path: Path) -> Iterator[list[tuple[Users, Tokens]]]:
    with Index.open(settings, create=True) as one, Index.open(replace(settings, index=tmp_path / "two")) as two:
        yield [(Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)) for index in (one, two)]


def test_what_one_machine_changes_all_know_at_once(machines: list[tuple[Users, Tokens]], tmp_path: Path) -> None:
    (users, tokens), (others, other_tokens) = machines
    made, secret = users.add("ana", "admin", "a long password"), other_tokens.add("backup", "reader")
    assert others.find("ana") == made and made.hash.startswith("$argon2id$")
    others.set_role("ana", "reader")
    assert [(user.name, user.role) for user in users.listed()] == [("ana", "reader")]
    found = tokens.of(secret)
    assert found is not None and found.name == "backup"
    with pytest.raises(BadSettings, match="There is a user 'ANA' already"):
        others.add("ANA", "reader", None)
    others.remove("ana")
    tokens.remove("backup")
    assert users.find("ana") is None and other_tokens.of(secret) is None
    assert not list(tmp_path.rglob("*.json.lock")) and not any(list(tmp_path.rglob(name)) for name in FILES.values())


def test_all_that_are_made_at_the_same_moment_are_there(machines: list[tuple[Users, Tokens]]) -> None:
    def make(number: int) -> None:
        machines[number % 2][0].add(f"user{number}", "reader", None)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {user.name for user in machines[1][0].listed()} == {f"user{number}" for number in range(8)}


def test_files_of_a_folder_are_taken_over_once_and_nothing_of_them_is_lost(settings: Settings) -> None:
    mine = Users(settings.index)
    made = [mine.add("ana", "editor", "another password"), mine.add("bo", "reader", None)]
    secret = Tokens(settings.index).add("backup", "reader")
    with opened(settings) as catalogue:
        assert catalogue is not None
        kept = Users(settings.index, catalogue)
        assert kept.listed() == made
        kept.remove("bo")
        Users(settings.index).add("Ana", "admin", None)  # somebody who had not heard of it
        assert Users(settings.index, catalogue).listed() == made[:1]
        assert Tokens(settings.index, catalogue).of(secret) is not None
    aside = settings.index / f"users.json{TAKEN}"
    assert json.loads(aside.read_text())["users"][0]["name"] == "Ana" and stat.S_IMODE(aside.stat().st_mode) == 0o600
    with Index.open(settings, create=True) as index:
        assert Users(index.root, index.catalogue).listed() == made[:1]


def test_a_file_that_cannot_be_understood_lets_nobody_in_and_stays(settings: Settings) -> None:
    settings.index.mkdir()
    (settings.index / FILES["users"]).write_text("{")
    with opened(settings) as catalogue, pytest.raises(StoreError, match=r"users\.json cannot be read"):
        Users(settings.index, catalogue)
    assert (settings.index / FILES["users"]).read_text() == "{"


def test_an_unknown_role_in_the_tables_is_refused(settings: Settings) -> None:
    with opened(settings) as catalogue:
        assert catalogue is not None
        users = Users(settings.index, catalogue)
        users.add("ana", "admin", None)
        with catalogue.writing() as db:
            db.execute("UPDATE credentials SET role = 'god'")
        with pytest.raises(StoreError, match="the role of 'ana' is none of"):
            users.find("ana")


def test_they_go_along_into_a_backup_and_a_folder_and_back(settings: Settings, tmp_path: Path) -> None:
    with Index.open(settings, create=True) as index:
        made = Users(index.root, index.catalogue).add("ana", "admin", "a long password")
        secret = Tokens(index.root, index.catalogue).add("backup", "reader")
        back_up(index, tmp_path / "backup", lambda step: None)
    here = restore(tmp_path / "backup", tmp_path / "here", False, lambda step: None).folder
    assert Users(here).listed() == [made] and Tokens(here).of(secret) is not None
    assert stat.S_IMODE((here / FILES["users"]).stat().st_mode) == 0o600
    assert b"argon2id" not in (here / "catalogue.sqlite3").read_bytes()
    url = f"{settings.store_url}_again"
    with Index.open(Settings(index=here)) as index:
        back_up(index, tmp_path / "second", lambda step: None)
    restore(tmp_path / "second", tmp_path / "there", False, lambda step: None, url, str(tmp_path / "files again"))
    third = Catalogue(tmp_path / "a third machine", url=url, elsewhere=True)  # has never seen the folder
    try:
        assert Users(tmp_path / "a third machine", third).listed() == [made]
        assert not (tmp_path / "there" / FILES["users"]).exists()
    finally:
        third.close()


def test_the_commands_say_where_they_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(settings.index)]
    monkeypatch.setenv("PAGESIGHT_STORE_URL", settings.store_url)
    monkeypatch.setenv("PAGESIGHT_FILES", settings.files)
    assert main(["user", "add", "ana", "--no-password", "--role", "admin", *index]) == 0
    assert main(["token", "add", "program", *index]) == 0
    elsewhere = ["--index", str(settings.index.with_name("two"))]
    capsys.readouterr()
    assert main(["user", "list", *elsewhere]) == 0 and "ana" in capsys.readouterr().out
    assert main(["token", "remove", "program", *elsewhere]) == 0
    monkeypatch.delenv("PAGESIGHT_STORE_URL")
    capsys.readouterr()
    for command in (["user", "add", "bo", "--no-password"], ["token", "list"]):
        assert main([*command, *index]) == 1
        assert "set PAGESIGHT_STORE_URL" in capsys.readouterr().err
