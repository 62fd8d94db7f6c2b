"""A small library with something of everything that has to come along when it is backed up or copied."""

from __future__ import annotations

from pathlib import Path

from made_documents import make_document

from ingestion.elements import Document
from rag.config import Settings
from rag.index import Index
from rag.service.users import Users
from rag.storage.records import conversations
from rag.storage.records.conversation_values import KeptTurn, Picture, new_id


def opened(root: Path, create: bool = False) -> Index:
    """The index in a folder, with encoders that load in no time."""
    return Index.open(Settings(index=root, encoder="builtin", words="static"), create=create)


def put(index: Index, number: int) -> Document:
    """Add the invented document of that number."""
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder)


def make_library(root: Path) -> list[Document]:
    """Two documents, a third one in the trash, a conversation with a picture, a user; the documents, in that order."""
    with opened(root, create=True) as index:
        documents = [put(index, number) for number in (1, 8, 3)]
        index.remove(documents[2].id)
        turn = KeptTurn(new_id(), "What does E6 mean?", status="done", text="The fan is stuck.")
        conversations.save_turn(index.catalogue, "anna", "c", turn, {"1": Picture(b"picture", "image/webp")})
    Users(root).add("anna", "admin", "a long password")
    return documents


def files(root: Path) -> dict[str, bytes]:
    """What is in a library beside its catalogue, by path."""
    kept = [path for name in ("files", "vectors", "trash") for path in sorted((root / name).rglob("*"))]
    return {str(path.relative_to(root)): path.read_bytes() for path in kept if path.is_file()}
