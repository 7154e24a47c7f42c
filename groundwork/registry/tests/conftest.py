"""Fixtures of the directory's tests."""

import pytest

from groundwork.base import clock
from groundwork.registry.tests import make


@pytest.fixture
def city(db):
    return make.city()


@pytest.fixture(autouse=True)
def moment():
    with clock.at(make.MOMENT):
        yield make.MOMENT


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
