"""The command for collections: lists them, makes, renames and deletes them, puts documents in and takes them out."""

from __future__ import annotations

import argparse

from rag.cli import output
from rag.config import Settings
from rag.index import Added, Index
from rag.storage import collections as kept
from rag.storage.collections import Collection


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what is asked for, then say how the collection is now; without anything else all are listed."""
    with Index.open(settings) as index:
        if args.what is None:
            return _list(args, index)
        docs = [index.catalogue.find(name).id for name in getattr(args, "docs", ())]
        if args.what == "create":
            found = kept.create(index.catalogue, args.name)
        else:
            found = kept.named(index.catalogue, args.name)
        if args.what == "rename":
            kept.rename(index.catalogue, found.id, args.new)
        elif args.what == "delete":
            kept.delete(index.catalogue, found.id)
        if args.what in ("create", "put") and docs:
            kept.put(index.catalogue, found.id, docs)
        elif args.what == "take":
            kept.take_out(index.catalogue, found.id, docs)
        now = next((row for row in kept.listed(index.catalogue) if row.id == found.id), None)
        _say(now or found, index, args.json, gone=now is None)
    return 0


def add_to(index: Index, name: str, results: list[Added]) -> None:
    """Put what was added, or was there already, into the collection of this name, which is made where there is none."""
    docs = [item.doc_id for item in results if item.status != "failed"]
    if docs:
        kept.put_by_name(index.catalogue, name, docs)


def _list(args: argparse.Namespace, index: Index) -> int:
    rows = kept.listed(index.catalogue)
    for row in rows:
        _say(row, index, args.json)
    if not rows and not args.json:
        output.remark("There are no collections; `python -m rag collections create NAME DOC…` makes one")
    return 0


def _say(row: Collection, index: Index, as_json: bool, gone: bool = False) -> None:
    names = [doc.name for doc in index.catalogue.documents() if doc.id in row.docs]
    line = f"{row.name}: {output.count(len(names), 'document')}"
    lines = [f"Deleted {line}; they stay in the library"] if gone else [line, *(f"  {name}" for name in names)]
    output.say({"id": row.id, "name": row.name, "documents": names, "deleted": gone}, lines, as_json)
