"""Groups of users and tokens: who is in one sees what it may see, at once, and not after."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.errors import BadSettings, StoreError
from rag.service.callers import Caller, asking, by_token
from rag.service.rights import Rights, rights_of
from rag.service.tokens import Token
from rag.storage.records import collections, groups
from rag.storage.records.catalogue import Catalogue

DOC = "d" * 64
ANN, BOB = Caller("ann", "reader", "user:ann"), Caller("bob", "editor", "user:bob")
DESK = by_token(Token("desk", "reader", "f" * 64, ""))
NAMED_SO = Caller("Payroll", "reader", "user:Payroll")  # a user called as the group is nobody of it


@pytest.fixture
def catalogue(tmp_path: Path, store_url: str) -> Catalogue:
    made = Catalogue(tmp_path, create=True, url=store_url)
    chunk = Chunk(f"{DOC}-1", DOC, "text", "Words.", (Region(1, BBox(0, 0, 9, 9)),))
    made.add(Document(DOC, "a.pdf", "a.pdf", (Page(1, 100, 100, 0),), (), (chunk,)))
    return made


def _seen_by(rights: Rights, *callers: Caller) -> list[str]:
    seen = []
    for caller in callers:
        with asking(caller):
            listed = [row.name for row in rights.collections()]
            assert (DOC not in rights.hidden()) == ("Salaries" in listed)
            seen += [caller.name] if listed else []
    return seen


def test_who_is_in_a_group_sees_what_it_may_see_and_not_after(catalogue: Catalogue) -> None:
    everybody = (ANN, BOB, DESK, NAMED_SO)
    rights = Rights(catalogue)
    salaries = collections.create(catalogue, "Salaries")
    collections.put(catalogue, salaries.id, [DOC])
    payroll = groups.create(catalogue, "  Payroll ")
    assert payroll.name == "Payroll" and groups.listed(catalogue) == [payroll]
    collections.restrict(catalogue, salaries.id, rights_of(groups=["Payroll"]))
    assert _seen_by(rights, *everybody) == []
    groups.put(catalogue, "Payroll", rights_of(users=["ann"], tokens=["desk"]))
    groups.put(catalogue, "Payroll", rights_of(users=["ann"]))
    assert _seen_by(rights, *everybody) == ["ann", "token desk"]
    assert groups.named(catalogue, "PAYROLL").members == rights_of(users=["ann"], tokens=["desk"])
    groups.take_out(catalogue, "Payroll", rights_of(users=["ann"]))
    assert _seen_by(rights, *everybody) == ["token desk"]
    collections.restrict(catalogue, salaries.id, rights_of(users=["bob"], groups=["Payroll"]))
    assert _seen_by(rights, *everybody) == ["bob", "token desk"]
    assert groups.delete(catalogue, "Payroll") == 1 and groups.listed(catalogue) == []
    assert _seen_by(rights, *everybody) == ["bob"]
    groups.put(catalogue, groups.create(catalogue, "Payroll").name, rights_of(users=["ann"]))
    assert _seen_by(rights, *everybody) == ["bob"]  # a new group of that name has no right from before
    assert catalogue.violations() == []


def test_a_user_or_token_that_is_no_more_leaves_its_groups(catalogue: Catalogue) -> None:
    name = groups.create(catalogue, "Payroll").name
    groups.put(catalogue, name, rights_of(users=["ann", "desk"], tokens=["desk"]))
    collections.forget_right(catalogue, collections.Right("token", "desk"))
    assert groups.named(catalogue, name).members == rights_of(users=["ann", "desk"])


def test_a_group_has_one_name_and_unknown_ones_are_said(catalogue: Catalogue) -> None:
    with pytest.raises(BadSettings, match=r"There is no group 'Payroll'; there are none; `python -m rag group add"):
        groups.named(catalogue, "Payroll")
    groups.create(catalogue, "Éclair")
    with pytest.raises(BadSettings, match="already"):
        groups.create(catalogue, "eclair")
    for wrong in ("", " \n", "x" * 81):
        with pytest.raises(BadSettings, match="1 to 80 characters"):
            groups.create(catalogue, wrong)
    with pytest.raises(BadSettings, match="there are: Éclair"):
        groups.named(catalogue, "Payroll")
    for change in (groups.put, groups.take_out):
        with pytest.raises(StoreError, match="no longer there"):
            change(catalogue, "Payroll", [])
    with pytest.raises(StoreError, match="no longer there"):
        groups.delete(catalogue, "Payroll")
