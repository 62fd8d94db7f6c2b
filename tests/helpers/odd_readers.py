"""Page readers that behave as hostile files make the real one behave; importable, so that a child finds them."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingestion.elements import Page
from ingestion.errors import EncryptedPdf, IngestionError
from ingestion.page_content import Depth, PageContent, ParseOptions

CRASH, MEMORY, HANG = 3, 4, 5


class Pages:
    """Ten pages, each without content; notes in the folder ``out`` which process read it."""

    count = 10

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        self.path, self.out = path, out

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        (self.out / f"read-{number}-by-{os.getpid()}").touch()
        return PageContent(Page(number, 100.0 + number, 200.0, 0))


class Escaping(Pages):
    """Tries what a hostile file would; page 1's title says how each try ended."""

    count = 1

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        outside = self.path.parent
        tries: dict[str, Callable[[], object]] = {
            "internet": lambda: socket.create_connection(("127.0.0.1", int(self.path.stem))),
            "datagram": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
            "program": lambda: subprocess.run(["/bin/true"], check=False),
            "fork": lambda: os.posix_spawn("/bin/true", ["true"], {}),
            "write": lambda: (outside / "new").write_text("x"),
            "change": lambda: (outside / "kept").write_text("x"),
            "delete": lambda: (outside / "kept").unlink(),
            "move": lambda: (outside / "kept").rename(self.out / "taken"),
            "link": lambda: (outside / "link").symlink_to("/"),
            "signal": lambda: os.kill(os.getppid(), 0),
            "own folder": lambda: (self.out / "mine").write_text("x"),
            "temporary": lambda: tempfile.mkdtemp(),
            "read": lambda: (outside / "kept").read_bytes(),
            "thread": lambda: threading.Thread(target=print).start(),
        }
        ended = {}
        for name, attempt in tries.items():
            try:
                attempt()
                ended[name] = "done"
            except OSError as exc:
                ended[name] = errno.errorcode[exc.errno or 0]
        return replace(super().read(number, depth), title=json.dumps(ended))


class FewPages(Pages):
    count = 3


class Noisy(Pages):
    """Prints as libraries do, through Python and below it."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        print("a library says hello")
        os.write(1, b"and so does its C code\n")
        return super().read(number, depth)


class Trouble(Pages):
    """Page 3 crashes, page 4 wants all memory, page 5 never ends, page 6 raises, page 7 is refused."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        content = super().read(number, depth)
        if number == CRASH:
            os.kill(os.getpid(), signal.SIGSEGV)
        if number == MEMORY:
            bytearray(1 << 40)
        while number == HANG:
            pass
        if number == 6:
            raise RuntimeError("code=7: cannot find object in xref\nmore lines")
        if number == 7:
            raise IngestionError("page 7 cannot be loaded; export it again")
        return content


class Hanging(Pages):
    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        super().read(number, depth)
        while True:
            pass


class Heavy(Pages):
    """Of page 2 only text and picture come in time, of page 3 only the size; page 4 is refused as a whole."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        while (number, depth) in ((2, "whole"), (3, "whole"), (3, "plain")):
            pass
        if (number, depth) == (4, "whole"):
            raise IngestionError("page 4 cannot be rendered")
        return replace(super().read(number, depth), title=depth)


class Unlucky(Pages):
    """Ends the run at page 8 as a full disk does, unless there is a file called luck."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        if number == 8 and not (self.out / "luck").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.out))
        return super().read(number, depth)


class Sleeping(Pages):
    """Uses no processor while it hangs."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        super().read(number, depth)
        time.sleep(600)
        raise AssertionError("slept too long")


class Tired(Pages):
    """Crashes at the fourth page one process reads."""

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        super().__init__(path, out, options)
        self.done = 0

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        self.done += 1
        if self.done == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(number, depth)


class DiskFull(Pages):
    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.out / "pages" / "0001.jpg"))


class HangsOpening(Pages):
    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        while True:
            pass


class CrashesOpening(Pages):
    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)


class GreedyOpening(Pages):
    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        bytearray(1 << 40)


class RaisesOpening(Pages):
    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        raise KeyError("Root")


class Locked(Pages):
    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        raise EncryptedPdf(f"{path.name} is encrypted; give its password")


class Picky(FewPages):
    """Refuses what is not called open.pdf, and notes in which process."""

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        super().__init__(path, out, options)
        if path.name != "open.pdf":
            (out / "refused").write_text(str(os.getpid()))
            raise EncryptedPdf(f"{path.name} is encrypted; give its password")


class OpensOnce(FewPages):
    """Ends a process that opens a second file."""

    opened = 0

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        super().__init__(path, out, options)
        OpensOnce.opened += 1
        if OpensOnce.opened == 2:
            os.kill(os.getpid(), signal.SIGSEGV)


class Environment(Pages):
    """Says in the page's label what it sees of the variables."""

    count = 1

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        seen = ",".join(sorted(name for name in os.environ if name.startswith("WORKERTEST_")))
        return PageContent(Page(number, 100.0, 200.0, 0, label=seen))


class Threads(Pages):
    """Says in the page's label how many threads its models may use."""

    count = 1

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        return PageContent(Page(number, 100.0, 200.0, 0, label=os.environ["OMP_NUM_THREADS"]))


class _Harm:
    """Unpickled carelessly it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.folder),)


class Forger(Pages):
    """Answers with something that would be run, as a file that has taken over its parser could."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        return replace(super().read(number, depth), title=_Harm(self.out / "harm"))  # type: ignore[arg-type]


class Stranger(Pages):
    """Answers with a page that a class of its own is part of."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        return replace(super().read(number, depth), problems=(Stranger,))  # type: ignore[arg-type]


class Endless(Pages):
    """Announces more than any page takes: descriptor 3 or above is the pipe to the parent."""

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        for descriptor in range(3, 16):
            with contextlib.suppress(OSError):
                os.write(descriptor, b"\x7f" + b"\xff" * 7)
        return super().read(number, depth)
