"""Keep child processes running: restart what dies, stop all of them cleanly when asked."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from config.logs import logger

log = logger("groundwork.supervise")
QUICK = 5.0  # seconds; a child that dies sooner did not really start
MOST_QUICK_DEATHS = 5
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A command to keep running."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the command in a process group of its own, so that Ctrl-C reaches only us."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=self.env,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    """Ask Linux to stop this child should the supervisor be killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def supervise(
    children: Sequence[Child], *, ready: Callable[[], bool] = lambda: True, grace: float = 30
) -> int:
    """Run the children until SIGINT or SIGTERM; return 0 after a clean stop, 1 when one cannot run.

    `ready` is asked until it says yes once; `grace` is how many seconds they get to finish.
    """
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    told = False
    for child in children:
        child.start()
    code = 0
    while not stop.wait(0.2):
        told = told or ready()
        if not all([_keep(child) for child in children]):
            code = 1
            break
    _stop_all(children, grace)
    return code


def _keep(child: Child) -> bool:
    """Restart a dead child after a pause; say False when it died too often."""
    now = time.monotonic()
    if child.process is None:
        if now >= child.again_at:
            child.start()
        return True
    code = child.process.poll()
    if code is None:
        return True
    child.process = None
    child.quick_deaths = child.quick_deaths + 1 if now - child.started < QUICK else 0
    if child.quick_deaths >= MOST_QUICK_DEATHS:
        log.error("child keeps dying, giving up", child=child.name, code=code)
        return False
    pause = min(LONGEST_PAUSE, 0.5 * 2**child.quick_deaths)
    child.again_at = now + pause
    log.warning("child died, starting it again", child=child.name, code=code, seconds=pause)
    return True


def _stop_all(children: Sequence[Child], grace: float) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    end = time.monotonic() + grace
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("child did not stop in time, killed", pid=process.pid)
            process.kill()
            process.wait()
