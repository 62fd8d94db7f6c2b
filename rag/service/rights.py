"""What of a library who asks does not see: the documents of restricted collections, unless one of these is theirs, too.

    python -m rag collections restrict "Personnel" --user ann --role editor --token "help desk" --group Payroll

Everything that tells of documents asks :meth:`Rights.hidden` first, at every call, and treats what is hidden as if it
were not there; a right that is given or taken counts at once, whichever process has written it down. Where no
collection is restricted that is one look at one number.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.errors import CollectionRestricted
from rag.service.callers import TOKEN, Caller, who_asks
from rag.service.roles import allows, is_role
from rag.storage.records import collections
from rag.storage.records.catalogue import Catalogue, DocumentRow
from rag.storage.records.collections import Collection, Restricted, Right
from rag.storage.records.conversation_values import ASKED, KeptTurn

NOTHING: frozenset[str] = frozenset()
MOST_KEPT = 64  # answers of one revision that are remembered, one for each set of collections that somebody may see
WITHHELD = "This answer rested on documents that you may not see; it is shown again when you may."


class Rights:
    """Of one catalogue. All methods may be called from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._known: tuple[int, Sequence[Restricted]] = (-1, ())
        self._hidden: dict[frozenset[str], frozenset[str]] = {}
        self._rows: dict[frozenset[str], tuple[Sequence[DocumentRow], tuple[DocumentRow, ...]]] = {}

    def hidden(self) -> frozenset[str]:
        """Ids of the documents, in the library or removed from it, that who asks does not see."""
        caller = who_asks()
        restricted = self._restricted()
        if not restricted or (caller is not None and caller.sees_all):
            return NOTHING
        open_ = _open(restricted)
        with self._lock:
            found = self._hidden.get(open_)
        if found is not None:
            return found
        seen = NOTHING.union(*(one.docs for one in restricted if one.id in open_))
        found = NOTHING.union(*(one.docs for one in restricted)) - seen
        with self._lock:
            if self._known[1] is restricted:
                if len(self._hidden) >= MOST_KEPT:
                    self._hidden.clear()
                self._hidden[open_] = found
        return found

    def visible(self, rows: tuple[DocumentRow, ...]) -> tuple[DocumentRow, ...]:
        """Those that who asks sees; the same object for the same rows, since many ask and few rows change."""
        hidden = self.hidden()
        if not hidden:
            return rows
        with self._lock:
            before = self._rows.get(hidden)
        if before is not None and before[0] is rows:
            return before[1]
        left = tuple(row for row in rows if row.id not in hidden)
        with self._lock:
            if len(self._rows) >= MOST_KEPT:
                self._rows.clear()
            self._rows[hidden] = rows, left
        return left

    def restricts(self) -> bool:
        """Whether something may be hidden from who asks, whatever it is."""
        caller = who_asks()
        return bool(self._restricted()) and not (caller is not None and caller.sees_all)

    def collections(self) -> list[Collection]:
        """Those that who asks may see, by name, with the documents that they see."""
        rows = collections.listed(self._catalogue)
        if not self.restricts():
            return rows
        hidden, open_ = self.hidden(), _open(self._restricted())
        return [row._replace(docs=row.docs - hidden) for row in rows if not row.restricted or row.id in open_]

    def collection(self, number: str) -> Collection:
        """By its id, one that who asks may see. Raises :class:`~rag.errors.UnknownCollection`."""
        found = next((row for row in self.collections() if row.id == number), None)
        return found if found is not None else collections.named(self._catalogue, number, ())

    def check_shown(self, collection: Collection) -> None:
        """Before documents leave a restricted collection, others may see them: that is for admins.

        Raises :class:`~rag.errors.CollectionRestricted`.
        """
        if collection.restricted and self.restricts():
            raise CollectionRestricted(
                f"The collection {collection.name!r} is restricted: others could see what leaves it; "
                "ask an administrator of this library"
            )

    def check_put(self, docs: Iterable[str], collection: Collection) -> None:
        """Before documents that only some see are put into another restricted collection, whose people would see them,
        too: that is for admins. Raises :class:`~rag.errors.CollectionRestricted`."""
        if not collection.restricted or not self.restricts():
            return
        wanted = frozenset(docs)
        if any(one.id != collection.id and wanted & one.docs for one in self._restricted()):
            raise CollectionRestricted(
                f"Some of these documents are in another restricted collection, and those who may see "
                f"{collection.name!r} would see them, too; ask an administrator of this library"
            )

    def _restricted(self) -> Sequence[Restricted]:
        now = collections.revision(self._catalogue)
        with self._lock:
            if self._known[0] == now:
                return self._known[1]
        found = tuple(collections.restricted(self._catalogue))
        with self._lock:
            self._known, self._hidden = (now, found), {}
        return found


def rights_of(
    users: Iterable[str] = (), roles: Iterable[str] = (), tokens: Iterable[str] = (), groups: Iterable[str] = ()
) -> frozenset[Right]:
    """As they are stored. Roles are those of :data:`rag.service.roles.ROLES`."""
    return frozenset(
        [
            *(Right("user", name) for name in users),
            *(Right("role", name) for name in roles),
            *(Right("token", name) for name in tokens),
            *(Right("group", name) for name in groups),
        ]
    )


def _open(restricted: Sequence[Restricted]) -> frozenset[str]:
    """Ids of those that who asks may see."""
    caller = who_asks()
    return frozenset(one.id for one in restricted if _may_see(caller, one.rights))


def _may_see(caller: Caller | None, rights: frozenset[Right]) -> bool:
    if caller is None or not caller.signed_in:
        return False
    if caller.is_token:
        return Right("token", caller.name.removeprefix(TOKEN)) in rights
    by_role = (right.name for right in rights if right.kind == "role")
    return Right("user", caller.name) in rights or any(is_role(one) and allows(caller.role, one) for one in by_role)


def withheld(
    turn: KeptTurn, hidden: frozenset[str], names: Iterable[str], found_in: frozenset[str] = NOTHING
) -> KeptTurn:
    """A turn as who may not see these documents is shown it: the question, and of an answer that rests on one of them,
    or tells its name (``names``), that it is withheld.

    All of the answer is: a model that was shown a document may have said what stands there, whatever it cites.
    ``found_in`` are documents of its evidence where that is not at hand.
    """
    evidence = found_in.union(piece.chunk.doc for piece in turn.evidence)
    own = turn.spot is not None and turn.spot.doc in hidden
    if not own and evidence.isdisjoint(hidden) and not any(name in turn.text for name in names):
        return turn
    pictures = turn.pictures & {ASKED} if not own else frozenset[str]()
    return replace(
        turn,
        text=WITHHELD if turn.status != "open" else "",
        answer=None,
        evidence=(),
        docs=tuple(doc for doc in turn.docs if doc not in hidden),
        spot=None if own else turn.spot,
        picture_name="" if own else turn.picture_name,
        pictures=pictures,
    )
