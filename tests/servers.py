"""Real servers for tests: nginx with a file of deploy/, on free ports, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.city import ROOT, wait_until

HOW = "apt-get update && apt-get install -y --no-install-recommends nginx libnginx-mod-rtmp"
RTMP = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")


def nginx_program() -> str:
    """Find nginx with its RTMP module; fail with the command to type."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, f"needs nginx; type: {HOW}"
    assert RTMP.exists(), f"needs nginx's RTMP module; type: {HOW}"
    return found


class Nginx:
    """nginx with one of deploy's files."""

    def __init__(self, conf: str, folder: Path, changes: Mapping[str, str]) -> None:
        """Take a whole file of deploy/; `changes` puts other ports and folders into it."""
        text = (ROOT / "deploy" / conf).read_text()
        own = {
            "/run/nginx.pid": str(folder / "nginx.pid"),
            "/var/log/nginx/error.log": str(folder / "error.log"),
            "/var/cache/nginx": str(folder / "cache"),
            "worker_processes auto;": "worker_processes 1; daemon off;"
            + (" user root;" if os.geteuid() == 0 else ""),
            "access_log off;": "access_log off; "
            + " ".join(
                f"{kind}_temp_path {folder}/{kind};"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            ),
        }
        for old, new in {**own, **changes}.items():
            assert old in text, f"deploy/{conf} has no {old!r} any more"
            text = text.replace(old, new)
        self._write(text, folder)

    @classmethod
    def of(cls, text: str, folder: Path) -> Nginx:
        """Take a file as it stands."""
        made = cls.__new__(cls)
        made._write(text, folder)
        return made

    def _write(self, text: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.conf = folder, folder / "nginx.conf"
        (folder / "cache").mkdir(exist_ok=True)
        self.conf.write_text(text)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, port: int) -> None:
        """Start and wait until it listens on a port of the file's."""
        from tests.live import listens

        self.process = subprocess.Popen(
            [nginx_program(), "-p", self.folder, "-c", self.conf, "-e", self.folder / "error.log"]
        )
        wait_until(lambda: self.process.poll() is not None or listens(port), "nginx to listen")
        assert self.process.poll() is None, (self.folder / "error.log").read_text()

    def stop(self) -> None:
        """Stop it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
