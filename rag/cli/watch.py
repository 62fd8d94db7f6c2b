"""The command ``watch``: the index follows folders, until it is interrupted or, with ``--once``, for one time."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.index import Index
from rag.watching.follow import Followed, Follower, absolute

PATIENCE = 120.0  # seconds for which ``--once`` waits for files that are still being written
SIGNS = {"failed": "✗", "kept": "!", "removed": "–"}
WORDS = {
    "added": "added", "present": "already there", "replaced": "changed, the new version is in", "moved": "moved here",
    "removed": "gone, its document was removed (`python -m rag trash list` has it)", "failed": "not added",
    "kept": "not followed",
}  # fmt: skip


def watch(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 if the index holds what the folders hold, as far as ``--once`` is concerned."""
    from rag.watching.watch import Watcher, alone, once

    folders, stop = absolute(args.folders, settings.index), threading.Event()
    told = set[Path]()
    with Bars() as bars, Index.open(settings, create=True, progress=bars) as index, alone(index):
        index.check_encoder()

        def say(followed: Followed) -> None:
            bars.close()
            told.update({followed.path} if followed.what == "kept" else ())
            _say(followed, args.json)

        for folder in folders:
            _note_others(folder, index.root)
        follower = Follower(index, folders, say, stop, bars, args.emptied)
        if not args.once:
            output.remark(f"Watching {', '.join(str(folder) for folder in folders)} (Ctrl-C ends it)")
            Watcher(follower, stop).run()
            return 0
        whole = once(follower, PATIENCE)
    for path, problem in sorted(one for one in follower.problems.items() if one[0] not in told):
        output.remark(f"! {path}: {output.one_line(problem)}")
    if not whole:
        output.remark("! Files that are still being written were left out; run the command again")
    documents = output.count(sum(follower.count.values()), "document")
    output.remark(f"{documents} from {output.count(len(folders), 'folder')}")
    return int(not whole or bool(follower.problems))


def _note_others(folder: Path, root: Path) -> None:
    """That a folder holds files, and none that is taken from folders: else nothing would ever be said of them."""
    from rag.watching.scan import scan

    seen = scan(folder, root.resolve())
    if not (seen.files or seen.problems or folder in seen.empty):
        output.remark(
            f"{folder} holds no document yet; pictures, text and web pages are not taken from folders: add them by name"
        )


def _say(followed: Followed, as_json: bool) -> None:
    detail = output.one_line(followed.detail).removeprefix(f"{followed.path} ")  # its place stands before it
    words = WORDS[followed.what] + (f": {detail}" if detail else "")
    line = f"{SIGNS.get(followed.what, '✓')} {followed.path}: {words}"
    value = {"event": followed.what, "path": str(followed.path), "id": followed.doc, "detail": followed.detail}
    output.say(value, [line], as_json)
