"""Keys that must be able to vanish: one file each, outside the database and outside its backups.

What was sealed with a key is unreadable for ever once the key is destroyed, in every copy of the
database too. The files lie in KEYS_DIR; on several machines they share that folder. A lost
key loses what it sealed, and that is the point: keep no copies.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from groundwork.base.errors import N_, RuleBroken

NAME = re.compile(r"[a-z]+-[A-Za-z0-9_-]{1,40}\Z")
NONCE = 12  # bytes, random for each sealing


class KeyGone(RuleBroken):
    """Say that what was sealed can no longer be read: its key is destroyed or lost."""

    code = "vault.key_gone"
    status = 410
    text = N_("密钥已经销毁，这些内容不能再读取。")


def folder() -> Path:
    """Name the folder of the keys."""
    return Path(settings.KEYS_DIR)


def _path(name: str) -> Path:
    if not NAME.match(name):
        raise ValueError(f"no name for a key: {name!r}")
    return folder() / f"{name}.key"


def make(name: str) -> None:
    """Make a key, through to the disk. One that is there stays as it is."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    try:
        os.write(file, AESGCM.generate_key(256))
        os.fsync(file)
    finally:
        os.close(file)
    _sync_folder()


def seal(name: str, plain: bytes, bound: str = "") -> bytes:
    """Seal bytes with a key; `bound` is what they belong to and must be named again to open them.

    Raises KeyGone.
    """
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(name)).encrypt(nonce, plain, bound.encode())


def unseal(name: str, sealed: bytes, bound: str = "") -> bytes:
    """Open sealed bytes. Raises KeyGone where the key is gone or another one."""
    try:
        return AESGCM(_key(name)).decrypt(sealed[:NONCE], bytes(sealed[NONCE:]), bound.encode())
    except InvalidTag:
        raise KeyGone from None


def _key(name: str) -> bytes:
    try:
        key = _path(name).read_bytes()
    except FileNotFoundError:
        raise KeyGone from None
    if len(key) != 32:
        raise KeyGone
    return key


def destroy(name: str) -> bool:
    """Overwrite and remove a key; tell whether it was there. Twice is no error."""
    path = _path(name)
    try:
        with path.open("r+b", buffering=0) as file:
            file.write(os.urandom(32))
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink(missing_ok=True)
    _sync_folder()
    return True


def _sync_folder() -> None:
    handle = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def mac(name: str, text: str) -> str:
    """Name a text by a key: the same text the same name, and none that anybody could make again.

    Once the key is destroyed nobody can tell which text a name stood for. Raises KeyGone.
    """
    return mac_all(name, [text])[0]


def mac_all(name: str, texts: Iterable[str]) -> list[str]:
    """Name many texts by one key, in their order; the key is read once. Raises KeyGone."""
    key = _key(name)
    return [hmac.digest(key, text.encode(), "sha256").hex() for text in texts]
