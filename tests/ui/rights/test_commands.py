"""Commands that say who may see a collection: users, tokens, roles and groups, given, taken and removed."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from restricted_library import NAME, MakePdf, Running

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.errors import BadSettings, CollectionRestricted, NoIndex
from rag.service.callers import Caller, asking
from rag.service.rights import Rights, rights_of
from rag.service.tokens import Tokens
from rag.service.users import Users
from rag.storage.records import collections


@pytest.mark.usefixtures("commands_find_it")
def test_the_command_says_who_may_see_a_collection(
    running: Running, capsys: pytest.CaptureFixture[str], tmp_path: Path, make_pdf: MakePdf
) -> None:
    index = running.library.index

    def command(*words: str) -> str:
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
        said = capsys.readouterr()
        return said.out + said.err

    assert "Personnel: 1 document, seen by admins, token allowed, user rita only" in command("collections")
    command("collections", "create", "Plans")
    assert "seen by admins, role editor only" in command("collections", "restrict", "plans", "--role", "editor")
    assert "role editor, user nora only" in command("collections", "allow", "Plans", "--user", "nora")
    assert "role editor only" in command("collections", "deny", "Plans", "--user", "nora")
    path = make_pdf(tmp_path / "plan.pdf", "A plan for the spring.")
    with asking(Caller("rea", "reader", "user:rea")):
        before = Rights(index.catalogue)
        command("add", str(path), "--collection", "Plans")
        assert [row.name for row in before.visible(index.catalogue.listed())] == ["pumps.pdf"]
    with pytest.raises(CollectionRestricted, match="Plans"):
        command("collections", "delete", "Plans")
    command("collections", "unrestrict", "Plans")
    command("remove", "plan.pdf", "--for-good")  # nothing is left of it for other tests
    command("collections", "delete", "Plans")


def test_no_user_or_token_is_removed_whose_rights_would_stay(running: Running) -> None:
    """The catalogue is in PostgreSQL, and the command was not told where."""
    if not running.library.settings.store_url:
        pytest.skip("its catalogue is found without an address")
    index = running.library.index
    users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
    for words in (("user", "remove", "rita"), ("token", "remove", "allowed")):
        with pytest.raises(NoIndex, match="PAGESIGHT_STORE_URL"):
            run(parser().parse_args([*words, "--index", str(running.library.index.root)]))
    assert users.find("rita") is not None and "allowed" in [one.name for one in tokens.listed()]


@pytest.mark.usefixtures("commands_find_it")
def test_a_group_is_made_and_given_rights_by_commands(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page, the API and MCP show goes by :class:`Rights` alone, of whatever kind a right is."""
    index, library = running.library.index, running.library

    def command(*words: str) -> str:
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
        said = capsys.readouterr()
        return said.out + said.err

    def names(token: str) -> str:
        headers = {"authorization": f"Bearer {running.tokens[token]}"}
        told = httpx.get(running.url("api/v1/documents"), headers=headers, timeout=60)
        assert told.status_code == 200 and "pumps.pdf" in told.text
        return told.text

    assert "There are no groups" in command("group", "list")
    assert "Payroll: token other, user rea" in command("group", "add", "Payroll", "--user", "rea", "--token", "other")
    assert NAME not in names("other")
    said = command("collections", "allow", "Personnel", "--group", "payroll")
    assert "seen by admins, group Payroll, token allowed, user rita only" in said
    rea = Caller("rea", "reader", "user:rea")
    with asking(rea):
        assert running.doc in library.ids()
    assert NAME in names("other") and NAME in names("allowed")
    assert "Payroll: token other" in command("group", "take", "payroll", "--user", "rea")
    with asking(rea):
        assert running.doc not in library.ids()
    for words, why in (
        (("group", "take", "Payroll", "--user", "rea"), "user rea is not in 'Payroll'; in it: token other"),
        (("group", "take", "Payroll"), "Name somebody"),
        (("group", "add", "Payroll", "--token", "nobody"), "no token 'nobody'"),
        (("group", "remove", "Pay"), "There is no group 'Pay'; there are: Payroll"),
        (("collections", "allow", "Personnel", "--group", "Pay"), "There is no group 'Pay'"),
    ):
        with pytest.raises(BadSettings, match=why):
            command(*words)
    assert "1 restricted collection named it, and no more" in command("group", "remove", "Payroll")
    assert NAME not in names("other")
    assert "seen by admins, token allowed, user rita only" in command("collections")


@pytest.mark.usefixtures("commands_find_it")
def test_who_gets_the_name_of_a_removed_user_or_token_later_has_no_right(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    index, library = running.library.index, running.library
    users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
    users.add("nils", "reader", None)
    tokens.add("desk", "reader")
    made = collections.create(index.catalogue, "Desk")
    collections.put(index.catalogue, made.id, [running.open_doc])
    collections.restrict(index.catalogue, made.id, rights_of(users=["nils"], tokens=["desk"]))
    nils = Caller("nils", "reader", "user:nils")
    with asking(nils):
        assert running.open_doc in library.ids()
    for words in (("user", "remove", "nils"), ("token", "remove", "desk")):
        assert run(parser().parse_args([*words, "--index", str(index.root)])) == 0
    assert "named user nils, and no more" in capsys.readouterr().err
    with asking(nils):
        assert running.open_doc not in library.ids()
    assert next(one for one in collections.listed(index.catalogue) if one.id == made.id).rights == {collections.ADMINS}
    collections.unrestrict(index.catalogue, made.id)
    collections.delete(index.catalogue, made.id)
