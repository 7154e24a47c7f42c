"""Running the city: up in one command, down on Ctrl-C, back after a death."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.city import ROOT, City, copy_of, environment, free_port, wait_until


@contextmanager
def run(city: City, *args: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """`groundwork run` as a terminal starts it; whatever is left at the end is killed."""
    log = (city.data / "run.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "run", "--no-demo", "--port", str(city.port), *args],
        env={**city.env, **env},
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    log.close()
    try:
        yield process
    finally:
        for pid in [process.pid, *children(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def said(city: City) -> str:
    return (city.data / "run.log").read_text(encoding="utf-8", errors="replace")


def children(pid: int) -> list[int]:
    """All processes below one, by Linux's own book."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *children(int(child))]
    return found


def running(pid: int) -> bool:
    """Tell whether a process lives; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_where_and_stops_cleanly(city: City, number: signal.Signals):
    with run(city) as process:
        wait_until(lambda: f"http://127.0.0.1:{city.port}/" in said(city), "the address")
        wait_until(lambda: city.health() == 200, "health")
        below = children(process.pid)
        assert len(below) >= 3  # server, its processes, worker
        process.send_signal(number)
        assert process.wait(40) == 0
        assert not any(running(pid) for pid in below)
    assert "Traceback" not in said(city)
    assert city.health() is None


@linux
def test_a_killed_worker_is_started_again(city: City):
    with run(city) as process:
        wait_until(lambda: city.health() == 200, "health")
        worker = next(pid for pid in children(process.pid) if " worker" in command_of(pid))
        os.kill(worker, signal.SIGKILL)
        wait_until(
            lambda: any(
                " worker" in command_of(pid) for pid in children(process.pid) if pid != worker
            ),
            "a new worker",
        )
        assert "child died" in said(city)


@linux
def test_children_do_not_outlive_a_killed_supervisor(city: City):
    with run(city) as process:
        wait_until(lambda: city.health() == 200, "health")
        below = children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not any(running(pid) for pid in below), "the children to end")


def test_a_busy_port_is_one_clear_sentence(city: City):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", city.port))
        taken.listen(1)
        done = city.command("run", "--port", str(city.port))
    assert done.returncode == 1
    assert f"Port {city.port} cannot be used" in done.stderr
    assert f"make run PORT={city.port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_on_the_office_network_the_address_is_printed_as_a_qr_code(city: City):
    city.env.pop("PUBLIC_URL")
    with run(city, "--lan"):
        wait_until(lambda: "Ctrl-C" in said(city), "the address")
        address = re.search(r"(http://(\d+\.\d+\.\d+\.\d+):\d+)/\n", said(city).split("·")[-2])
        assert "▄" in said(city) or "█" in said(city)
        found = re.findall(r"http://([\d.]+):", said(city))
        assert address or set(found) == {"127.0.0.1"}
        for host in set(found):
            with urllib.request.urlopen(
                f"http://{host}:{city.port}/accounts/login/", timeout=20
            ) as page:
                assert page.status == 200


def test_another_host_name_is_not_answered(running_city: City):
    request = urllib.request.Request(
        f"{running_city.url}/healthz", headers={"Host": "evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=20)


def test_an_unset_city_can_be_checked_and_says_what_is_missing(tmp_path: Path, empty_city: Path):
    done = City(tmp_path / "unset").command("check")
    assert done.returncode == 1
    assert "groundwork migrate" in done.stdout
    migrated = City(copy_of(empty_city, tmp_path / "migrated"))  # by that very command
    assert "groundwork worker" in migrated.command("check").stdout


def test_every_command_explains_itself(tmp_path: Path):
    env = environment(tmp_path)

    def help_of(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "config.cli", *words, "--help"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    top = help_of()
    names = re.findall(r"^  ([a-z]+) {2,}\S", top.split("Commands:")[1], re.MULTILINE)
    assert {"run", "serve", "worker", "backup", "restore", "trail", "import", "demo"} <= set(names)
    for name in names:
        assert len(help_of(name).split()) > 12


def test_free_ports_are_really_free():
    port = free_port()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
