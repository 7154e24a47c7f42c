"""What a pulse may claim. Minutes are the server's, counted from the stream's origin.

A pulse is `stream.token.m.bits`: `m` is the newest minute it speaks of, bit k of `bits` (hex) says
that minute m-k was played. To say a minute twice, late or out of order changes nothing, so a pulse
that got lost is healed by the next one, and a copied or doubled one counts for nothing.

Addresses decide nothing here: a whole office behind one address is as many viewers as browsers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = 60
WINDOW = 32  # minutes one pulse can speak of; four times the longest pause between two
PLAYED = 20  # seconds of a minute that must have been played for the page to claim it
HEAD_START = 2  # minutes a page may have played before it got through to ask for its token
LEAD = timedelta(minutes=30)  # a broadcast may begin so long before its hour
OVERRUN = timedelta(minutes=60)  # and end so long after it
AFTERWARDS = timedelta(minutes=15)  # pulses are taken so long after the last minute
LONGEST = timedelta(hours=12)


class Hours(NamedTuple):
    """From when to when a stream's minutes count (`ends`) and its pulses are taken (`until`)."""

    origin: int  # seconds since 1970; minute 0 begins here
    ends: int
    until: int


def watch_hours(starts_at: datetime, ends_at: datetime, ended_at: datetime | None) -> Hours:
    """Give the hours in which minutes of a stream count: half an hour before until it is over.

    What has not ended may run an hour over its time. Pulses are taken a quarter of an hour longer,
    so that a million pages need not all speak in the last second.
    """
    origin = int((starts_at - LEAD).timestamp()) // MINUTE * MINUTE
    last = ended_at or ends_at + OVERRUN
    ends = max(origin, min(int(last.timestamp()), origin + int(LONGEST.total_seconds())))
    return Hours(origin, ends, ends + int(AFTERWARDS.total_seconds()))


def minute_at(hours: Hours, at: float) -> int:
    """Tell which minute of the stream it is by the server's clock; the last one once it is over.

    Before the origin it is minute -1. The phone's own clock is never asked.
    """
    return int((min(at, hours.ends) - hours.origin) // MINUTE)


def judge(hours: Hours, at: float, drawn: int, m: int, bits: int) -> str:
    """Give the code of the rule that a claim breaks, empty when it breaks none (see REFUSALS).

    A claim of no minute only asks what second of the stream it is.
    """
    if at >= hours.until:
        return "over"
    if not bits:
        return ""
    # The newest claimed minute: bits has its lowest bit there. A page may go on counting after the
    # end; only what it claims is judged.
    if m - (bits & -bits).bit_length() + 1 > minute_at(hours, at):
        return "not_yet"
    if m < (at - hours.origin) // MINUTE - WINDOW + 1:
        return "late"
    # The oldest claimed minute: bits has its highest bit there.
    if m - bits.bit_length() + 1 < max(0, drawn - HEAD_START):
        return "before_draw"
    return ""


# Status, and the sentence of the rule. A page answers 409 by setting its minutes anew after the
# position in the answer, 403 by drawing a new token, 410 by falling silent.
REFUSALS: dict[str, tuple[int, str]] = {
    "broken": (400, "What cannot be read is no pulse."),
    "unknown": (404, "No stream of that name is open."),
    "forged": (403, "The token was not signed with this stream's key: invented, or another's."),
    "over": (410, "The stream is over; tokens of past evenings are good for nothing."),
    "not_yet": (409, "Nobody has played a minute that has not begun by the server's clock."),
    "late": (409, "A phone that slept or a pulse kept back for half an hour counts no more."),
    "before_draw": (409, "A token drawn at minute 40 has not watched minute 10: robots wait too."),
    "foreign_page": (403, "Another site's page draws no tokens."),
    "too_many_draws": (429, "One address draws an office's worth of tokens at once, not a city's."),
}
