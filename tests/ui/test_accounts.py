"""Who may sign in, and what is offered to try."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import BadSettings
from ui import samples
from ui.accounts import Accounts


def test_accounts_check_pairs(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text("# people\nana:s3:cret\n\nbo:x\n")
    accounts = Accounts.read(path)
    accounts._pause = 0.0
    assert accounts("ana", "s3:cret")
    assert not accounts("ana", "s3")
    assert not accounts("bo", "")
    assert not accounts("nobody", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [("ana", "line 1"), ("ana:\n", "line 1"), ("a:b\n:pw", "line 2"), ("a:b\na:c", "twice"), ("# none\n", "no user")],
)
def test_a_malformed_auth_file_names_the_line_and_no_password(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "users"
    path.write_text(text)
    with pytest.raises(BadSettings, match=said) as caught:
        Accounts.read(path)
    assert "pw" not in str(caught.value)


def test_sample_questions_are_offered_for_the_samples_that_are_there() -> None:
    names = {path.name for path in samples.pdfs()}
    offered = samples.offered(names)
    assert [sample.sort for sample in offered[:3]] == ["table", "figure", "scan"]
    assert offered[-1].picture is not None
    assert samples.offered({"other.pdf"}) == []
