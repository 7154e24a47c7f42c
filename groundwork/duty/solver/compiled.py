"""Compile the planner's inner loops once, and keep what was compiled beside the project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

_HERE = Path(__file__).resolve().parent
_BUILD = _HERE.parents[2] / "build"


def _edition() -> str:
    """Name what the loops are compiled from: one may hold others inside it, of any file."""
    digest = sha256()
    for path in sorted(_HERE.glob("*.py")):
        text = path.read_bytes()
        if b"@compiled" in text:
            digest.update(text)
    return digest.hexdigest()[:16]


_CACHE = _BUILD / "numba" / _edition()
if _BUILD.is_dir():
    # Read by numba when it is imported: the cache must outlive a change of the user or the home.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_CACHE))

import numba  # noqa: E402  (after its cache's place is known)

F = TypeVar("F", bound=Callable[..., Any])


def forget_others() -> None:
    """Remove what was compiled of other editions of these files."""
    for path in _CACHE.parent.glob("*"):
        if path != _CACHE:
            shutil.rmtree(path, ignore_errors=True)


def compiled(function: F) -> F:
    """Compile a loop over arrays to machine code, cached on disk, free of Python's lock."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
