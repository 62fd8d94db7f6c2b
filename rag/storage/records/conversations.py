"""Conversations in the catalogue: who asked what, what was answered, and on what evidence.

A turn is kept whole: question, answer, citations with text, page, box and quote, evidence, notices, what was searched
for, model and time; with it the picture of the question and the cut-outs of what is cited, so that they can be shown
after their document has gone. One transaction per change: a kill in the middle loses nothing that was kept before.

Every conversation has an owner, a word by which the caller knows its people; asking with another owner finds nothing.
What is discarded stays for :data:`TRASH_DAYS` days. Nothing here touches the index, its revision or the right to write.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.errors import AmbiguousConversation, UnknownConversation
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import (
    Conversation,
    KeptTurn,
    Picture,
    folded,
    new_id,
    one_title,
    title_of,
    turn_json,
    turn_of,
)
from rag.storage.tables.connections import Connection, in_parts

TRASH_DAYS = 30
MIN_PREFIX = 4  # characters of an id that may stand for it
_DAY = 86_400  # seconds
_CONVERSATIONS = (
    "SELECT id, owner, title, begun, changed, deleted, scope, "
    "(SELECT COUNT(*) FROM conversation_turns WHERE conversation = c.id) FROM conversations AS c"
)


# -- reading ---------------------------------------------------------------------------------------------------------


def listed(
    catalogue: Catalogue, owner: str | None, find: str = "", trash: bool = False, limit: int | None = None
) -> list[Conversation]:
    """The latest first; of everybody with ``owner`` None. ``find``: words that its title, questions or answers hold,
    whatever their case and accents; ``trash``: those that were discarded."""
    if not catalogue.has_table("conversations"):
        return []
    conditions, values = ["deleted <> ''" if trash else "deleted = ''"], list[object]()
    if owner is not None:
        conditions, values = [*conditions, "owner = ?"], [*values, owner]
    for word in folded(find).split():
        turns = "EXISTS(SELECT 1 FROM conversation_turns WHERE conversation = c.id AND instr(words, ?) > 0)"
        conditions, values = [*conditions, f"(instr(words, ?) > 0 OR {turns})"], [*values, word, word]
    sql = f"{_CONVERSATIONS} WHERE {' AND '.join(conditions)} ORDER BY changed DESC, rowid DESC"
    if limit is not None:
        sql, values = f"{sql} LIMIT ?", [*values, max(0, limit)]
    with catalogue.reading() as db:
        return [Conversation(*row) for row in db.execute(sql, values)]


def count(catalogue: Catalogue) -> int:
    """How many are kept of everybody, those in the trash too."""
    with catalogue.reading() as db:
        return int(db.execute("SELECT COUNT(*) FROM conversations").fetchone()[0])


def conversation(catalogue: Catalogue, owner: str | None, number: str) -> Conversation:
    """By its id; one in the trash, too. Raises :class:`UnknownConversation`, also where it is somebody else's."""
    if catalogue.has_table("conversations"):
        with catalogue.reading() as db:
            row = db.execute(f"{_CONVERSATIONS} WHERE id = ?", (number,)).fetchone()
        if row is not None and owner in (None, row[1]):
            return Conversation(*row)
    raise UnknownConversation(
        f"There is no conversation {number[:12]!r} of yours; the list of conversations shows those that are there"
    )


def named(catalogue: Catalogue, owner: str | None, name: str) -> Conversation:
    """By its id, the first characters of an id, or its title; upper and lower case are one.

    Raises :class:`UnknownConversation`, :class:`AmbiguousConversation` with the ids to choose from.
    """
    wanted, rows = folded(name).strip(), [*listed(catalogue, owner), *listed(catalogue, owner, trash=True)]
    found = [row for row in rows if row.id == wanted]
    found = found or [row for row in rows if folded(row.title) == wanted]
    if not found and len(wanted) >= MIN_PREFIX:
        found = [row for row in rows if row.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{row.id[:12]} ({row.changed[:10]})" for row in found)
        raise AmbiguousConversation(f"{len(found)} conversations are called {name!r}; name one by its id: {choices}")
    raise UnknownConversation(
        f"There is no conversation {name!r}; `python -m rag conversations` lists those that are there"
    )


def turn_ids(catalogue: Catalogue, number: str) -> tuple[str, ...]:
    """Of a conversation, in order; none of one that is not there."""
    if not catalogue.has_table("conversations"):
        return ()
    with catalogue.reading() as db:
        sql = "SELECT id FROM conversation_turns WHERE conversation = ? ORDER BY position"
        return tuple(row[0] for row in db.execute(sql, (number,)))


def read(catalogue: Catalogue, owner: str | None, number: str) -> list[KeptTurn]:
    """All turns of a conversation, the first first. Raises :class:`UnknownConversation`."""
    with catalogue.snapshot() as db:
        conversation(catalogue, owner, number)
        sql = "SELECT id, at, kept FROM conversation_turns WHERE conversation = ? ORDER BY position"
        rows = db.execute(sql, (number,)).fetchall()
        names = _pictures_of(db, [row[0] for row in rows])
    return [turn_of(number, at, kept, names.get(number, frozenset())) for number, at, kept in rows]


def read_turn(catalogue: Catalogue, owner: str | None, turn: str) -> KeptTurn:
    """One turn by its id. Raises :class:`UnknownConversation`, also where it is somebody else's."""
    if catalogue.has_table("conversations"):
        with catalogue.snapshot() as db:
            sql = "SELECT id, at, kept, conversation FROM conversation_turns WHERE id = ?"
            row = db.execute(sql, (turn,)).fetchone()
            if row is not None:
                conversation(catalogue, owner, row[3])
                return turn_of(row[0], row[1], row[2], _pictures_of(db, [turn]).get(turn, frozenset()))
    raise UnknownConversation(f"There is no answer {turn[:12]!r} in any conversation")


def picture(catalogue: Catalogue, owner: str | None, turn: str, name: str) -> Picture:
    """The cut-out of a citation (its number), or the question's picture (:data:`ASKED`).

    Raises :class:`UnknownConversation`, also where it is somebody else's.
    """
    sql = (
        "SELECT data, type FROM conversation_cutouts JOIN conversation_pictures ON id = picture "
        "WHERE turn = ? AND name = ?"
    )
    owners = (
        "SELECT owner FROM conversations JOIN conversation_turns ON conversation = conversations.id "
        "WHERE conversation_turns.id = ?"
    )
    if catalogue.has_table("conversations"):
        with catalogue.reading() as db:
            whose = db.execute(owners, (turn,)).fetchone()
            row = db.execute(sql, (turn, name)).fetchone()
        if whose is not None and owner in (None, whose[0]) and row is not None:
            return Picture(bytes(row[0]), str(row[1]))
    raise UnknownConversation(f"There is no picture {name!r} with the answer {turn[:12]!r}")


def revision(catalogue: Catalogue, owner: str) -> int:
    """Another number whenever something of this owner's conversations changed."""
    if not catalogue.has_table("conversations"):
        return 0
    with catalogue.reading() as db:
        row = db.execute("SELECT MAX(revision) FROM conversations WHERE owner = ?", (owner,)).fetchone()
    return int(row[0] or 0)


# -- writing ---------------------------------------------------------------------------------------------------------
# ``wait``: seconds that another process's commit is waited for; then IndexBusy is raised (None: as long as all writers)


def save_turn(
    catalogue: Catalogue,
    owner: str,
    number: str,
    turn: KeptTurn,
    pictures: Mapping[str, Picture],
    wait: float | None = None,
) -> None:
    """Append a turn, or put it in place of the one with its id; its conversation is begun with its first turn.

    Pictures are added to those the turn already has. A conversation in the trash comes back: somebody goes on with it.
    Raises :class:`UnknownConversation` where the conversation is somebody else's.
    """
    now = _now()
    with catalogue.writing(wait) as db:
        row = db.execute("SELECT owner FROM conversations WHERE id = ?", (number,)).fetchone()
        if row is not None and row[0] != owner:
            raise UnknownConversation(f"There is no conversation {number[:12]!r}")
        if row is None:
            title = title_of(turn)
            sql = "INSERT INTO conversations(id, owner, title, words, begun, changed, revision) VALUES (?,?,?,?,?,?,0)"
            db.execute(sql, (number, owner, title, folded(title), now, now))
        _put(db, number, turn, now)
        _put_pictures(db, turn.id, pictures)
        db.execute("UPDATE conversations SET changed = ?, deleted = '' WHERE id = ?", (now, number))
        _touch(db, number)


def rename(catalogue: Catalogue, owner: str | None, number: str, title: str, wait: float | None = None) -> Conversation:
    """Another title; without one it is called by its first question again. Raises :class:`UnknownConversation`."""
    with catalogue.writing(wait) as db:
        conversation(catalogue, owner, number)
        chosen = one_title(title) or _first_title(db, number)
        db.execute("UPDATE conversations SET title = ?, words = ? WHERE id = ?", (chosen, folded(chosen), number))
        _touch(db, number)
        return conversation(catalogue, owner, number)


def set_scope(catalogue: Catalogue, owner: str, number: str, turn: str, wait: float | None = None) -> None:
    """Note the turn whose picture later questions are about; empty for none. Raises :class:`UnknownConversation`."""
    with catalogue.writing(wait) as db:
        if conversation(catalogue, owner, number).scope != turn:
            db.execute("UPDATE conversations SET scope = ? WHERE id = ?", (turn, number))
            _touch(db, number)


def discard(catalogue: Catalogue, owner: str | None, number: str, wait: float | None = None) -> Conversation:
    """Put a conversation into the trash, and empty it of what is older than :data:`TRASH_DAYS` days.

    Raises :class:`UnknownConversation`.
    """
    with catalogue.writing(wait) as db:
        found = conversation(catalogue, owner, number)
        if not found.deleted:
            db.execute("UPDATE conversations SET deleted = ? WHERE id = ?", (_now(), number))
            _touch(db, number)
        _forget(db, "deleted <> '' AND deleted < ?", (_now(-TRASH_DAYS * _DAY),))
        return conversation(catalogue, owner, number)


def set_aside(
    catalogue: Catalogue, owner: str, number: str, turn: str, question: str, wait: float | None = None
) -> Conversation | None:
    """Take a turn and all that follow it out of a conversation: ``question`` is to be asked in their place.

    How the conversation was goes into the trash as one of its own, with all its turns and pictures; it is returned, or
    None where nothing was written in the turns that went. A conversation that was called by the question that is
    replaced is called by the new one. Raises :class:`UnknownConversation`.
    """
    with catalogue.writing(wait) as db:
        found = conversation(catalogue, owner, number)
        turns = read(catalogue, owner, number)
        at = next((place for place, each in enumerate(turns) if each.id == turn), None)
        if at is None:
            return None
        earlier = _copy_before(db, found, turns, at) if any(each.text for each in turns[at:]) else ""
        sql = "DELETE FROM conversation_turns WHERE id = ? AND conversation = ?"
        db.executemany(sql, [(each.id, number) for each in turns[at:]])
        if at == 0 and found.title == title_of(turns[0]) and one_title(question):
            title = one_title(question)
            db.execute("UPDATE conversations SET title = ?, words = ? WHERE id = ?", (title, folded(title), number))
        _drop_unused_pictures(db)
        if found.scope in [each.id for each in turns[at:]]:
            db.execute("UPDATE conversations SET scope = '' WHERE id = ?", (number,))
        _touch(db, number)
        return conversation(catalogue, owner, earlier) if earlier else None


def _copy_before(db: Connection, found: Conversation, turns: Sequence[KeptTurn], at: int) -> str:
    """A conversation in the trash that has all these turns: those before ``at`` as copies, the others themselves."""
    made, now = new_id(), _now()
    ids = {each.id: new_id() if place < at else each.id for place, each in enumerate(turns)}
    columns = "id, owner, title, words, begun, changed, deleted, scope, revision"
    sql, scope = f"INSERT INTO conversations({columns}) VALUES (?,?,?,?,?,?,?,?,0)", ids.get(found.scope, "")
    db.execute(sql, (made, found.owner, found.title, folded(found.title), found.begun, found.changed, now, scope))
    for place, each in enumerate(turns):
        if place >= at:
            about = (each.scope, ids.get(each.scope, each.scope))  # as it stands in the JSON of the turn
            sql = "UPDATE conversation_turns SET conversation = ?, kept = replace(kept, ?, ?) WHERE id = ?"
            db.execute(sql, (made, *about, each.id))
            continue
        db.execute(
            "INSERT INTO conversation_turns(id, conversation, position, at, words, kept) "
            "SELECT ?, ?, position, at, words, kept FROM conversation_turns WHERE id = ?",
            (ids[each.id], made, each.id),
        )
        db.execute(
            "INSERT INTO conversation_cutouts(turn, name, picture) "
            "SELECT ?, name, picture FROM conversation_cutouts WHERE turn = ?",
            (ids[each.id], each.id),
        )
    _touch(db, made)
    return made


def restore(catalogue: Catalogue, owner: str | None, number: str, wait: float | None = None) -> Conversation:
    """Take a conversation out of the trash. Raises :class:`UnknownConversation`."""
    with catalogue.writing(wait) as db:
        conversation(catalogue, owner, number)
        db.execute("UPDATE conversations SET deleted = '' WHERE id = ?", (number,))
        _touch(db, number)
        return conversation(catalogue, owner, number)


def forget(catalogue: Catalogue, owner: str | None, number: str, wait: float | None = None) -> None:
    """Delete a conversation for good, with its pictures. Raises :class:`UnknownConversation`."""
    with catalogue.writing(wait) as db:
        conversation(catalogue, owner, number)
        _forget(db, "id = ?", (number,))


# -- rows ----------------------------------------------------------------------------------------------------------


def _put(db: Connection, number: str, turn: KeptTurn, now: str) -> None:
    """In its place where it is there already: with its position and the time when it was asked."""
    sql = "SELECT position, at, conversation FROM conversation_turns WHERE id = ?"
    before = db.execute(sql, (turn.id,)).fetchone()
    if before is not None and before[2] != number:
        raise UnknownConversation(f"The answer {turn.id[:12]!r} belongs to another conversation")
    if before is None:
        last = "SELECT COALESCE(MAX(position), -1) + 1 FROM conversation_turns WHERE conversation = ?"
        position, at = int(db.execute(last, (number,)).fetchone()[0]), turn.at or now
    else:
        position, at = before[:2]
    words = folded(f"{turn.question}\n{turn.text}")
    sql = (
        "INSERT INTO conversation_turns(id, conversation, position, at, words, kept) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT(id) DO UPDATE SET words = excluded.words, kept = excluded.kept"
    )
    db.execute(sql, (turn.id, number, position, at, words, turn_json(turn)))


def _put_pictures(db: Connection, turn: str, pictures: Mapping[str, Picture]) -> None:
    for name, shown in pictures.items():
        key = hashlib.sha256(shown.type.encode() + b"\0" + shown.data).hexdigest()
        sql = "INSERT INTO conversation_pictures VALUES (?,?,?) ON CONFLICT DO NOTHING"
        db.execute(sql, (key, shown.type, shown.data))
        sql = "INSERT INTO conversation_cutouts VALUES (?,?,?) ON CONFLICT(turn, name) DO UPDATE SET "
        db.execute(f"{sql} picture = excluded.picture", (turn, name, key))


def _pictures_of(db: Connection, turns: Sequence[str]) -> dict[str, frozenset[str]]:
    found = dict[str, frozenset[str]]()
    rows: Iterator[tuple[Any, ...]] = in_parts(db, "SELECT turn, name FROM conversation_cutouts WHERE turn IN", turns)
    for turn, name in rows:
        found[turn] = found.get(turn, frozenset()) | {name}
    return found


def _first_title(db: Connection, number: str) -> str:
    sql = "SELECT id, at, kept FROM conversation_turns WHERE conversation = ? ORDER BY position LIMIT 1"
    row = db.execute(sql, (number,)).fetchone()
    return title_of(turn_of(row[0], row[1], row[2], frozenset())) if row else "Untitled"


def _touch(db: Connection, number: str) -> None:
    """The clock takes part, so that no number comes again after the highest was deleted."""
    last = db.execute("SELECT MAX(revision) FROM conversations").fetchone()[0] or 0
    revision_ = max(int(last) + 1, time.time_ns() // 1000)
    db.execute("UPDATE conversations SET revision = ? WHERE id = ?", (revision_, number))


def _forget(db: Connection, condition: str, values: tuple[object, ...]) -> None:
    if db.execute(f"DELETE FROM conversations WHERE {condition}", values).rowcount:
        _drop_unused_pictures(db)


def _drop_unused_pictures(db: Connection) -> None:
    db.execute(
        "DELETE FROM conversation_pictures WHERE NOT EXISTS "
        "(SELECT 1 FROM conversation_cutouts WHERE picture = conversation_pictures.id)"
    )


def _now(seconds: float = 0.0) -> str:
    """UTC with milliseconds, so that what is changed within one second keeps its order; ``seconds`` from now."""
    moment = time.time() + seconds
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(moment))}.{int(moment * 1000) % 1000:03}Z"
