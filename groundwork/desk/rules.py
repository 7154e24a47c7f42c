"""The desk's few rules. No Django here."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> str:
    """Give what is kept of a secret address."""
    return hashlib.sha256(secret.encode()).hexdigest()
