"""Compile the planner's inner loops once, and keep what was compiled beside the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

_BUILD = Path(__file__).resolve().parents[3] / "build"
if _BUILD.is_dir():
    # Read by numba when it is imported: the cache must outlive a change of the user or the home.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_BUILD / "numba"))

import numba  # noqa: E402  (after its cache's place is known)

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a loop over arrays to machine code, cached on disk, free of the interpreter's lock."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
