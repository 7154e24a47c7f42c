"""A rotating code is good while it lives, stale afterwards, and forged if nobody made it."""

from datetime import datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from groundwork.base.clock import ZONE
from groundwork.base.codes import LIFE, STEP, Verdict, check_short, check_token, short, token

secrets = st.text(min_size=1, max_size=40)
purposes = st.text(max_size=20)
moments = st.integers(1_577_836_800, 2_524_608_000).map(lambda s: datetime.fromtimestamp(s, ZONE))
NIGHT = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)


@given(secrets, purposes, moments, st.integers(0, (LIFE - 1) * STEP))
def test_a_code_is_good_for_its_whole_life(secret, purpose, made, age):
    at = made + timedelta(seconds=age)
    assert check_token(secret, purpose, token(secret, purpose, made), at) is Verdict.GOOD
    assert check_short(secret, purpose, short(secret, purpose, made), at) is Verdict.GOOD


@given(secrets, purposes, moments, st.integers(LIFE * STEP, 10**8))
def test_a_forwarded_photo_is_stale_and_not_called_forged(secret, purpose, made, age):
    at = made + timedelta(seconds=age)
    assert check_token(secret, purpose, token(secret, purpose, made), at) is Verdict.STALE


@given(secrets, purposes, moments, st.integers(STEP, 10**8))
def test_a_code_from_the_future_is_not_good(secret, purpose, made, ahead):
    at = made - timedelta(seconds=ahead)
    assert check_token(secret, purpose, token(secret, purpose, made), at) is not Verdict.GOOD


@given(secrets, secrets, purposes, purposes, moments)
def test_a_code_of_another_room_is_forged(secret, other_secret, purpose, other_purpose, at):
    assume((secret, purpose) != (other_secret, other_purpose))
    assert (
        check_token(secret, purpose, token(other_secret, other_purpose, at), at) is Verdict.FORGED
    )


@given(secrets, purposes, st.text(max_size=60), moments)
def test_whatever_is_typed_gets_an_answer_and_never_an_error(secret, purpose, typed, at):
    fresh = {short(secret, purpose, at - timedelta(seconds=i * STEP)) for i in range(LIFE)}
    assume(typed not in fresh)
    assert check_token(secret, purpose, typed, at) is Verdict.FORGED
    assert check_short(secret, purpose, typed, at) is Verdict.FORGED


@given(secrets, moments, st.integers(0, 20), st.integers(1, 255))
def test_one_changed_character_spoils_a_code(secret, at, place, shift):
    good = token(secret, "room", at)
    place %= len(good)
    changed = good[:place] + chr((ord(good[place]) + shift) % 256) + good[place + 1 :]
    assume(changed.lower() != good)  # the step is a number: its case means nothing
    assert check_token(secret, "room", changed, at) is not Verdict.GOOD


@given(secrets, purposes, moments)
def test_six_digits_are_no_scan_and_a_scan_is_not_six_digits(secret, purpose, at):
    assert check_token(secret, purpose, short(secret, purpose, at), at) is Verdict.FORGED
    assert check_short(secret, purpose, token(secret, purpose, at), at) is Verdict.FORGED


def test_a_step_of_thousands_of_digits_is_forged():
    assert check_token("s", "room", "f" * 4500 + "-aa", NIGHT) is Verdict.FORGED


def test_the_code_on_the_screen_changes_every_twenty_seconds():
    seen = {token("s", "room", NIGHT + timedelta(seconds=i)) for i in range(60)}
    assert len(seen) == 3
