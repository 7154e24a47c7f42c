"""The store of pulses, as this process reads it."""

from __future__ import annotations

import threading

from django.conf import settings

from groundwork.live.store import Store, open_store

_own = threading.local()


def pulse_store() -> Store:
    """Give this thread's store; opened once. Raises StoreBusy when it cannot be reached."""
    url: str = settings.LIVE_STORE
    if getattr(_own, "url", None) != url:
        forget_store()
        _own.store, _own.url = open_store(url), url
    store: Store = _own.store
    return store


def forget_store() -> None:
    """Close this thread's store; the next use opens it anew."""
    store: Store | None = getattr(_own, "store", None)
    _own.store, _own.url = None, None
    if store is not None:
        store.close()
