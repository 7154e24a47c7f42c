"""A real city for tests: granian and the worker as processes of their own, on temporary data."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds; a broken city fails here instead of hanging the suite
CALL = (
    "import json, sys, importlib, django; django.setup();"
    "module, name = sys.argv[1].split(':');"
    "result = getattr(importlib.import_module(module), name)(*json.loads(sys.argv[2]));"
    "print('\\n' + json.dumps(result, default=str))"
)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Ask again and again until it happened; fail with `what` when patience ends."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE} s in vain: {what}")
        time.sleep(0.05)


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return a clean environment for a city in `data`."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "TMPDIR"}}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(data)}
    return {**kept, **settings, "PYTHONPATH": str(ROOT), **more}


class City:
    """Processes of one city; `url` is where it answers."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(data, PUBLIC_URL=self.url, **settings)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start server and worker and wait until /healthz says that all is well."""
        self.start_server()
        self.start_worker()
        wait_until(lambda: self.health() == 200, "the city to be healthy")

    def start_server(self) -> None:
        """Start granian and wait until it answers."""
        self._start("server", "serve", "--port", str(self.port))
        wait_until(lambda: self.health() is not None, "the server to answer")

    def start_worker(self) -> None:
        """Start the worker."""
        self._start("worker", "worker", "--interval", "0.2")

    def start_ingest(self) -> None:
        """Start the ingest and wait until its socket is there."""
        self._start("ingest", "ingest")
        path = self.data / "run" / "ingest.sock"
        wait_until(lambda: _listens(path), "the ingest to answer")

    def kill(self, name: str) -> None:
        """Kill a process outright with all its children, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ask every process to stop; what does not listen is killed."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def health(self) -> int | None:
        """Return the status of /healthz, None when nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return None

    def command(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run a `groundwork` command against this city."""
        return subprocess.run(
            [sys.executable, "-m", "config.cli", *args],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
        )

    def call(self, function: str, *args: Any) -> Any:
        """Run `module:function` with plain arguments inside this city; return its plain result."""
        done = subprocess.run(
            [sys.executable, "-c", CALL, function, json.dumps(args)],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _start(self, name: str, *args: str) -> None:
        log = (self.data / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "config.cli", *args],
            env=self.env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def migrated(folder: Path) -> Path:
    """Make an empty city with all its tables, to be copied."""
    done = subprocess.run(
        [sys.executable, "-m", "config.cli", "migrate"],
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def ready() -> Path:
    """Give an empty city with all its tables, made once for each state of the migrations.

    Never change it: copy it. Twenty seconds of processor otherwise, for every process that tests.
    """
    seen = [ROOT / "requirements" / "run.txt", *sorted(ROOT.glob("groundwork/*/migrations/*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in seen)).hexdigest()[:16]
    kept = ROOT / "build" / "empty-cities"
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (kept / digest).exists():
            half = kept / f"{digest}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            migrated(half).rename(kept / digest)
    return kept / digest


def copy_of(template: Path, folder: Path) -> Path:
    """Copy an empty city to a new place."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return folder
