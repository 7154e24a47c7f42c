"""One-time slips and how long a session lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork.base.errors import N_, RuleBroken

# Crockford's 32 signs: what is read out or typed as O, I or L is understood as 0 or 1.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10  # 50 bits; a slip also names its account, so guesses do not add up over all slips
LIFE = timedelta(days=30)
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})

OWN_DEVICE = timedelta(days=90)  # no SMS gateway: a phone that came in once should stay in
SHARED_DESK = timedelta(hours=12)  # one working day, overtime and Tuesday night included


class SlipWrong(RuleBroken):
    """Refuse a work number and code that do not belong together; say no more than that."""

    code = "access.slip_wrong"
    text = N_("工号和登录码对不上，请照登录条再输一遍。")


class SlipUsed(RuleBroken):
    """Refuse a slip that somebody has used."""

    code = "access.slip_used"
    text = N_("这张登录条已经用过了。如果不是您本人用的，请马上告诉本单位书记。")


class SlipRevoked(RuleBroken):
    """Refuse a slip in whose place a new one was issued."""

    code = "access.slip_revoked"
    text = N_("这张登录条已经作废，请用最新的一张。")


class SlipExpired(RuleBroken):
    """Refuse a slip past its life."""

    code = "access.slip_expired"
    text = N_("这张登录条已过 %(days)s 天有效期，请向本单位书记要一张新的。")


def read_code(typed: str) -> str:
    """Fold what was typed to the bare code; '' when it cannot be one."""
    folded = typed.upper().translate(_READ_AS)
    bare = "".join(sign for sign in folded if sign in SIGNS)
    rest = set(folded) - set(SIGNS) - set(" -–—_.\t")
    return bare if len(bare) == LENGTH and not rest else ""


def group_code(code: str) -> str:
    """Write a code as it is printed: 7K3F-9QWD-XM."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def check_slip(
    *,
    used_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Refuse a slip that is used, revoked or past its life."""
    if used_at is not None:
        raise SlipUsed
    if revoked_at is not None:
        raise SlipRevoked
    if at >= expires_at:
        raise SlipExpired(days=LIFE.days)


def session_life(*, own_device: bool) -> timedelta:
    """Tell how long a session lasts: on the own phone, or at a desk others use too."""
    return OWN_DEVICE if own_device else SHARED_DESK


def is_phone(user_agent: str) -> bool:
    """Guess from the browser's name whether it runs on a phone: the tick's first state, no more."""
    return any(word in user_agent for word in ("Mobile", "Android", "iPhone"))
