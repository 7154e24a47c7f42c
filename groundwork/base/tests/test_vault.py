"""Keys that can vanish."""

from __future__ import annotations

import pytest

from groundwork.base import vault


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def test_what_is_sealed_opens_with_its_key_and_what_it_is_bound_to():
    vault.make("order-a")
    sealed = vault.seal("order-a", "浙B12345".encode(), bound="entry:1")
    assert "浙B12345".encode() not in sealed
    assert vault.unseal("order-a", sealed, bound="entry:1").decode() == "浙B12345"
    with pytest.raises(vault.KeyGone):
        vault.unseal("order-a", sealed, bound="entry:2")


def test_a_key_that_is_there_is_not_made_anew():
    vault.make("order-a")
    sealed = vault.seal("order-a", b"x")
    vault.make("order-a")
    assert vault.unseal("order-a", sealed) == b"x"


def test_a_destroyed_key_opens_nothing_and_a_new_one_of_its_name_neither():
    vault.make("order-a")
    sealed = vault.seal("order-a", b"x")
    assert vault.destroy("order-a")
    assert not vault.destroy("order-a")
    with pytest.raises(vault.KeyGone):
        vault.unseal("order-a", sealed)
    vault.make("order-a")
    with pytest.raises(vault.KeyGone):
        vault.unseal("order-a", sealed)


def test_a_name_cannot_leave_the_folder():
    with pytest.raises(ValueError, match="no name"):
        vault.make("../order-a")


def test_keys_are_for_the_city_s_own_user_alone():
    vault.make("order-a")
    [path] = vault.folder().iterdir()
    assert path.stat().st_mode & 0o077 == 0
