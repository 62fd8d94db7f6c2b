"""Files and vectors of documents that lie elsewhere: as on the disk, each file brought when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingestion.elements import Chunk, Document
from rag.storage.files.document_files import ORIGINAL, DocumentFiles, pictures_of
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.records.stored_parts import DOCUMENT
from rag.storage.vectors.files import GONE, Stamp, VectorFiles
from rag.storage.vectors.token_files import SUFFIX, PackedPassage
from rag.types import Node

NOWHERE = "none"  # the folder in the cache of what is not there


class StoredDocuments(DocumentFiles):
    """The folders of documents elsewhere; folders that are being filled lie below the index folder ``root``."""

    def __init__(self, root: Path, elsewhere: Elsewhere, part: str = DOCUMENT) -> None:
        super().__init__(root)
        self._elsewhere, self._part = elsewhere, part

    def document(self, doc_id: str) -> Path:
        """In the cache; only files that were asked for are there."""
        return self._elsewhere.folder(self._version(doc_id) or NOWHERE)

    def exists(self, doc_id: str) -> bool:
        """See :class:`DocumentFiles`."""
        return self._version(doc_id) is not None

    def file(self, doc_id: str, name: str) -> Path:
        """Brought into the cache."""
        return self._elsewhere.file(self._version(doc_id) or NOWHERE, name)

    def original(self, doc_id: str) -> Path:
        """See :class:`DocumentFiles`."""
        names = self._elsewhere.files(self._version(doc_id) or NOWHERE)
        return self.file(doc_id, next((name for name in names if name.startswith(f"{ORIGINAL}.")), f"{ORIGINAL}.pdf"))

    def mark(self, doc_id: str) -> str:
        """The version."""
        return self._version(doc_id) or ""

    def ids(self) -> set[str]:
        """See :class:`DocumentFiles`."""
        return self._elsewhere.documents(self._part)

    @contextmanager
    def pictures(self, document: Document) -> Iterator[Path]:
        """See :class:`DocumentFiles`; they stay in the cache inside the block."""
        with self._elsewhere.held(self._version(document.id) or NOWHERE, pictures_of(document)) as folder:
            yield folder

    def adopt_whole(self, doc_id: str, folder: Path) -> None:
        """See :class:`DocumentFiles`; the folder is moved into the cache."""
        self._elsewhere.put(doc_id, self._part, folder)

    def amend(self, doc_id: str, new: Mapping[str, Path]) -> None:
        """See :class:`DocumentFiles`."""
        self._elsewhere.amend(doc_id, self._part, new)

    def set_original_aside(self, doc_id: str) -> None:
        """It is left out: what was sent is never changed, so that it can be nothing of value."""
        self._elsewhere.amend(doc_id, self._part, {}, without=[self.original(doc_id).name])

    def remove(self, doc_id: str) -> None:
        """See :class:`DocumentFiles`; the files are deleted after this."""
        self._elsewhere.drop(doc_id, self._part)

    def _version(self, doc_id: str) -> str | None:
        return self._elsewhere.version(doc_id, self._part)


class StoredArrays(VectorFiles):
    """The arrays of one generation elsewhere; new ones are written in the cache first."""

    def __init__(self, root: Path, elsewhere: Elsewhere, part: str, dim: int, store: str) -> None:
        super().__init__(root / "vectors" / part, dim, store)
        self._elsewhere, self._part = elsewhere, part

    def array(self, doc_id: str) -> Path:
        """Brought into the cache."""
        return self._file(doc_id, f"{doc_id}.npy")

    def tokens(self, doc_id: str) -> Path:
        """Brought into the cache."""
        return self._file(doc_id, f"{doc_id}{SUFFIX}")

    def _meta(self, doc_id: str) -> Path:
        return self._file(doc_id, f"{doc_id}.json")

    def _array_name(self, doc_id: str) -> str:
        return str(self.array(doc_id))

    def _file(self, doc_id: str, name: str) -> Path:
        return self._elsewhere.file(self._version(doc_id) or NOWHERE, name)

    def save(
        self, doc_id: str, nodes: Sequence[Node], chunks: Sequence[Chunk], tokens: Sequence[PackedPassage] = ()
    ) -> None:
        """See :class:`VectorFiles`."""
        with self._elsewhere.cache.workplace() as folder:
            VectorFiles(folder, self.dim, self.store).save(doc_id, nodes, chunks, tokens)
            self._elsewhere.put(doc_id, self._part, folder)

    def stamp(self, doc_id: str) -> Stamp:
        """The version, as numbers."""
        version = self._version(doc_id)
        return GONE if version is None else (int(version[:16], 16), int(version[16:], 16))

    def ids(self) -> set[str]:
        """See :class:`VectorFiles`."""
        return self._elsewhere.documents(self._part)

    def whole(self) -> set[str]:
        """All: what is not whole is not there."""
        return self.ids()

    def size(self) -> int:
        """See :class:`VectorFiles`."""
        return self._elsewhere.bytes_of(self._part)

    def clear_parts(self) -> None:
        """Let go of what cannot be read."""
        for doc_id in [doc_id for doc_id in self.ids() if not self._readable(doc_id)]:
            self.remove(doc_id)

    def remove(self, doc_id: str) -> None:
        """See :class:`VectorFiles`; the files are deleted after this."""
        self._elsewhere.drop(doc_id, self._part)

    def _version(self, doc_id: str) -> str | None:
        return self._elsewhere.version(doc_id, self._part, latest=True)
