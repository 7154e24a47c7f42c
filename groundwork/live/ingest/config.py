"""What an ingest process must be told; whoever starts it says it through one variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

VARIABLE = "GROUNDWORK_INGEST"


@dataclass(frozen=True)
class Config:
    """Where pulses are kept and taken, how many a second are welcome, whose word is believed."""

    store: str
    per_second: int
    host: str = "127.0.0.1"
    port: int = 0
    socket: str = ""  # a path; then the city's own forwarder is the only caller
    trusted: tuple[str, ...] = ()

    def address_of(self, peer: str, forwarded: bytes | None) -> str:
        """Give the address a request came from; a proxy is believed only when it is a known one."""
        if forwarded and (self.socket or peer in self.trusted):
            return forwarded.decode("latin-1").rpartition(",")[2].strip()
        return peer

    def environment(self) -> dict[str, str]:
        """Give the variable that tells a process this configuration."""
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def from_environment(cls) -> Config:
        """Read what the starter left."""
        said = json.loads(os.environ[VARIABLE])
        return cls(**{**said, "trusted": tuple(said["trusted"])})
