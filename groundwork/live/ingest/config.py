"""What an ingest process must be told; the command says it through one variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

VARIABLE = "GROUNDWORK_INGEST"


@dataclass(frozen=True)
class Config:
    """Where pulses are kept, how many a second are welcome, whose word on addresses is taken."""

    store: str
    per_second: int
    trusted: tuple[str, ...] = ()
    private: bool = False  # the socket is the city's own: every caller is the forwarder

    def address_of(self, client: str, forwarded: str | None) -> str:
        """Give the address a request came from; a proxy is believed only when it is a known one."""
        peer = client.rpartition(":")[0].strip("[]") or client
        if forwarded and (self.private or peer in self.trusted):
            return forwarded.rpartition(",")[2].strip()
        return peer

    def to_environment(self) -> None:
        """Leave the configuration for the worker that granian starts."""
        os.environ[VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def from_environment(cls) -> Config:
        """Read what the command left."""
        said = json.loads(os.environ[VARIABLE])
        return cls(**{**said, "trusted": tuple(said["trusted"])})
