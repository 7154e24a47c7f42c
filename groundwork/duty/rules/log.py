"""What the gate's log may hold, and how a phone's word about time is taken."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from groundwork.base.errors import N_, RuleBroken

LONGEST_NAME = 20
LONGEST_PLACE = 40
MOST_SENT = 200
"""Entries in one sending; a phone with more sends again."""
MOST_SHOWN = 200
"""Entries that one reveal opens."""
LONGEST_REVEAL = timedelta(hours=24)
OLDEST = timedelta(days=3)
"""A sending may tell of so long ago: a shift without signal and a day off."""
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}\Z")
LONG_NUMBER = re.compile(r"\d{6,}")


class NoName(RuleBroken):
    """Refuse a visitor without a name."""

    code = "duty.no_name"
    text = N_("请写来访人姓名。")


class NoPlate(RuleBroken):
    """Refuse what is no number plate."""

    code = "duty.no_plate"
    text = N_("车牌不完整，例如 浙B12345。")


class TooMuch(RuleBroken):
    """Refuse more than the log may hold: numbers of people are not kept."""

    code = "duty.too_much"
    text = N_("只写姓名，不写证件号和电话号码。")


def name_of(text: str) -> str:
    """Take a visitor's name. Raises NoName, TooMuch."""
    name = " ".join(text.split())
    if not name:
        raise NoName
    if len(name) > LONGEST_NAME or LONG_NUMBER.search(name):
        raise TooMuch
    return name


def plate_of(text: str) -> str:
    """Take a number plate in one way of writing. Raises NoPlate."""
    plate = re.sub(r"[\s·.\-]", "", text).upper()
    if not PLATE.match(plate):
        raise NoPlate
    return plate


def place_of(text: str) -> str:
    """Take where somebody comes from or goes to: words, cut short. Raises TooMuch."""
    place = " ".join(text.split())[:LONGEST_PLACE]
    if LONG_NUMBER.search(place):
        raise TooMuch
    return place


def told_at(said: datetime, received: datetime) -> datetime:
    """Take a phone's time: a clock that runs ahead or lies days back is not believed.

    What the phone says of the future, or of longer ago than a shift can wait for signal, is taken
    as of now.
    """
    return said if received - OLDEST <= said <= received else received
