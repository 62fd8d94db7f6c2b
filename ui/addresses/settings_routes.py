"""The addresses behind the settings panel (``ui/assets/settings.js``): who I am, what is set, and what may be done.

All but the first are for admins. Replies never hold a key; whatever a server, a model or a person wrote goes out as
JSON and is shown as text. Changes are taken from our own page only, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.workers.sandbox import EVERYTHING
from rag.disk import bytes_below
from rag.errors import BadSettings, IndexBusy, RagError
from rag.indexing.generations import summaries
from rag.service.rights import rights_of
from rag.service.roles import is_role
from rag.service.tokens import Tokens
from rag.service.users import NAMES
from rag.storage.records import groups
from ui.people.access import Access, from_own_page, user_of
from ui.shown.payload import PREFIX
from ui.state.backend import Library
from ui.words.language import told, tr

LARGEST = 20_000  # bytes of a request
LIVE = {"cache-control": "no-store"}
KINDS_OF_RIGHTS = ("user", "role", "token", "group")
BUILT = "with which the index was built"  # a part of why an encoder is used
Json = dict[str, Any]
Action = Callable[["Settings", Json], Any]


class Settings:
    """What the panel shows and does, for one library."""

    def __init__(self, library: Library, access: Access) -> None:
        self.library, self.access = library, access

    def me(self, request: Request) -> Json:
        """What everybody sees: their name and role, and what answers."""
        role, library = self.access.role(request), self.library
        user = user_of(request) if self.access.accounts is not None else None
        return {
            "role": role,
            "user": user or "",
            "leave": user is not None and self.access.accounts is not None and not self.access.accounts.by_proxy,
            "demo": self.access.demo is not None,
            "answers": library.answerer(),
        }

    def state(self) -> Json:
        """All that the panel shows, but for what it looks for when asked to."""
        return {
            "model": self.model(),
            "encoder": self._encoder(),
            "index": self._index(),
            "work": self.work(),
            "users": self._users(),
            "rights": self.rights(),
        }

    def model(self) -> Json:
        """What answers now; of the key only where it comes from."""
        now = self.library.models.now()
        said = {"problem": told(now.problem), "fixed": list(now.fixed), "editable": now.editable}
        return {**now._asdict(), **said}

    def work(self) -> Json:
        """What runs on the whole index, or what came of it."""
        work = self.library.upkeep.state()
        return {
            "task": work.task,
            "fate": work.fate,
            "name": work.name,
            "stage": told(work.stage),
            "done": work.done,
            "total": work.total,
            "lines": list(work.lines),
            "running": work.running,
        }

    def rights(self) -> Json:
        """Who may see which collection, and which users and tokens there are to be named."""
        rows, index = self.library.collections(), self.library.index
        return {
            "collections": [
                {
                    "id": row.id,
                    "name": row.name,
                    "documents": len(row.docs),
                    "restricted": row.restricted,
                    **{kind: sorted(one.name for one in row.rights if one.kind == kind) for kind in KINDS_OF_RIGHTS},
                }
                for row in rows
            ],
            "people": [user.name for user in self.access.accounts.listed()] if self.access.accounts else [],
            "programs": [token.name for token in Tokens(index.root, index.catalogue).listed()],
            "groups": [
                {
                    "name": row.name,
                    **{kind: sorted(one.name for one in row.members if one.kind == kind) for kind in ("user", "token")},
                }
                for row in groups.listed(index.catalogue)
            ],
        }

    def _users(self) -> list[Json] | None:
        if self.access.accounts is None:
            return None
        return [{**user._asdict(), "source": told(user.source)} for user in self.access.accounts.listed()]

    def _encoder(self) -> Json:
        why = self.library.index.encoder.reason.splitlines()
        return {"name": self.library.encoder(), "why": [_detail(line) for line in why]}

    def _index(self) -> Json:
        index, rows = self.library.index, self.library.documents()
        return {
            "documents": len(rows),
            "pages": sum(row.pages for row in rows),
            "passages": sum(row.chunks for row in rows),
            "bytes": bytes_below(index.root),
            "folder": str(index.root.resolve()),
            "generations": [
                {
                    "id": one.generation.id,
                    "state": told(one.generation.state),
                    "previous": one.generation.state == "previous",
                    "name": one.generation.name,
                    "created": one.generation.created,
                    "bytes": one.size,
                }
                for one in summaries(index)
            ],
        }


def _find(panel: Settings, sent: Json) -> Any:
    return {"servers": [_server(found) for found in panel.library.models.find()]}


def _models(panel: Settings, sent: Json) -> Any:
    return {"servers": [_server(panel.library.models.models(_word(sent, "url"), _key(sent)))]}


def _try(panel: Settings, sent: Json) -> Any:
    trial = panel.library.models.try_out(_word(sent, "model"), _word(sent, "url"), _key(sent))
    return {**trial._asdict(), "problem": told(trial.problem)}


def _use(panel: Settings, sent: Json) -> Any:
    panel.library.models.use(_word(sent, "model"), _word(sent, "url"), _key(sent), sent.get("keep") is True)
    return {"model": panel.model()}


def _quote(panel: Settings, sent: Json) -> Any:
    panel.library.models.quote()
    return {"model": panel.model()}


def _examine(panel: Settings, sent: Json) -> Any:
    from rag.cli.doctor import examine

    found = examine(panel.library.settings, panel.library.index)
    return {
        "findings": [
            {"level": one.level, "what": told(one.what), "detail": _detail(one.detail), "remedy": told(one.remedy)}
            for one in found
        ]
    }


def _detail(text: str) -> str:
    """What was found; where it is no sentence, its parts."""
    head, colon, rest = told(text).partition(": ")
    said = f"{told(head)}{colon}{rest}"
    for item in (*EVERYTHING, BUILT):
        said = said.replace(item, told(item))
    return said


def _reindex(panel: Settings, sent: Json) -> Any:
    panel.library.upkeep.reindex(_word(sent, "encoder"), _word(sent, "words"), sent.get("gate") is not False)
    return {"work": panel.work()}


def _rollback(panel: Settings, sent: Json) -> Any:
    panel.library.upkeep.rollback()
    return {"work": panel.work()}


def _parse(panel: Settings, sent: Json) -> Any:
    panel.library.upkeep.parse()
    return {"work": panel.work()}


def _rights(panel: Settings, sent: Json) -> Any:
    """Who may see a collection: all, or admins and those named. Raises :class:`BadSettings`, :class:`StoreError`."""
    users, roles, tokens, named = (_words(sent, kind) for kind in KINDS_OF_RIGHTS)
    _check_users(users)
    catalogue = panel.library.index.catalogue
    named = [groups.named(catalogue, name).name for name in named]
    if any(not is_role(role) for role in roles) or not isinstance(sent.get("restricted"), bool):
        raise BadSettings(tr("That is no JSON object."))
    wanted = rights_of(users, roles, tokens, named) if sent["restricted"] else None
    panel.library.set_rights(_word(sent, "id"), wanted)
    return {"rights": panel.rights()}


def _group(panel: Settings, sent: Json) -> Any:
    """Who is in a group, which is made where there is none of that name; or the group removed. Raises
    :class:`BadSettings`, :class:`StoreError`."""
    catalogue, name = panel.library.index.catalogue, _word(sent, "name")
    users, tokens = _words(sent, "user"), _words(sent, "token")
    _check_users(users)
    found = groups.create(catalogue, name) if sent.get("make") is True else groups.named(catalogue, name)
    if sent.get("remove") is True:
        groups.delete(catalogue, found.name)
        return {"rights": panel.rights()}
    wanted = rights_of(users, tokens=tokens)
    groups.put(catalogue, found.name, wanted)
    groups.take_out(catalogue, found.name, found.members - wanted)
    return {"rights": panel.rights()}


def _check_users(names: Iterable[str]) -> None:
    wrong = next((name for name in names if not NAMES.fullmatch(name)), None)
    if wrong is not None:
        raise BadSettings(tr("That is no user's name: {name}", name=wrong))


def _cancel(panel: Settings, sent: Json) -> Any:
    panel.library.upkeep.cancel()
    return {"work": panel.work()}


ACTIONS: Mapping[str, Action] = {
    "find": _find,
    "models": _models,
    "try": _try,
    "use": _use,
    "quote": _quote,
    "examine": _examine,
    "reindex": _reindex,
    "rollback": _rollback,
    "parse": _parse,
    "cancel": _cancel,
    "rights": _rights,
    "group": _group,
}


def routes(library: Library, access: Access) -> list[Route]:
    """The addresses, for the server that ``Blocks.launch`` makes."""
    panel = Settings(library, access)

    async def me(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(panel.me, request), headers=LIVE)

    async def state(request: Request) -> Response:
        return _refused(request, access) or await _replied(panel.state)

    async def work(request: Request) -> Response:
        return _refused(request, access) or await _replied(panel.work)

    async def act(request: Request) -> Response:
        refused = _refused(request, access)
        if refused is not None:
            return refused
        if not from_own_page(request):
            return _said(tr("Settings are changed from the page itself."), 403)
        action = ACTIONS.get(str(request.path_params["action"]))
        if action is None:
            return _said(tr("There is no such action."), 404)
        try:
            sent = await _body(request)
        except BadSettings as exc:
            return _said(str(exc), 400)
        return await _replied(lambda: action(panel, sent))

    return [
        Route(f"/{PREFIX}/me", me),
        Route(f"/{PREFIX}/settings", state),
        Route(f"/{PREFIX}/settings/work", work),
        Route(f"/{PREFIX}/settings/{{action}}", act, methods=["POST"]),
    ]


def _refused(request: Request, access: Access) -> Response | None:
    if access.role(request) is None:
        return _said(tr("Sign in first."), 401)
    if access.may(request, "admin"):
        return None
    if access.accounts is None and access.demo is None:
        return _said(tr("Settings are changed on the machine where PageSight runs, at its own address 127.0.0.1."), 403)
    return _said(tr("Settings are for administrators: python -m rag user role NAME admin"), 403)


async def _replied(make: Callable[[], Any]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(make), headers=LIVE)
    except IndexBusy as exc:
        return _said(str(exc), 409)
    except (RagError, OSError) as exc:
        return _said(str(exc), 400)


async def _body(request: Request) -> Json:
    """The JSON object that was sent. Raises :class:`BadSettings`."""
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > LARGEST:
            raise BadSettings(tr("That is too long."))
    try:
        sent = json.loads(whole or b"{}")
    except (ValueError, RecursionError) as exc:
        raise BadSettings(tr("That is no JSON.")) from exc
    if not isinstance(sent, dict):
        raise BadSettings(tr("That is no JSON object."))
    return sent


def _said(words: str, status: int) -> Response:
    return JSONResponse({"error": told(words)}, status_code=status, headers=LIVE)


def _server(found: Any) -> Json:
    return {**found._asdict(), "models": [model._asdict() for model in found.models], "problem": told(found.problem)}


def _word(sent: Json, name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) else ""


def _words(sent: Json, name: str) -> list[str]:
    value = sent.get(name)
    return [word.strip() for word in value if isinstance(word, str) and word.strip()] if isinstance(value, list) else []


def _key(sent: Json) -> str | None:
    """A key that was typed; None where the one that is known is meant."""
    value = sent.get("key")
    return value if isinstance(value, str) and value else None
