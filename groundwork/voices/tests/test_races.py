"""Two hands on one thing at once: one outcome, and both are told (PostgreSQL, real threads)."""

from __future__ import annotations

from functools import partial

import pytest

from groundwork.access.models import Notice
from groundwork.base import clock
from groundwork.voices.actions import calls, home, marks
from groundwork.voices.models import Mark, Registration, Taking
from groundwork.voices.rules import calls as call_rules
from groundwork.voices.rules import home as home_rules
from groundwork.voices.rules import marks as rules
from groundwork.voices.tests.make import AT, REASON, REPLY, TODAY, a_call, a_mark, days
from tests.cast import EVENING
from tests.hands import in_turn, need_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
OTHER = "情况不实，当天确有调令，不采纳这一条。"


@pytest.fixture
def town(transactional_db):
    """The cast, on a database where two connections can wait for each other."""
    need_row_locks()
    from tests.cast import build

    with clock.at(EVENING):
        yield build()


def told(town, who: str, part: str) -> bool:
    rows = Notice.objects.filter(account=town.accounts[who], kind="voices.mark")
    return rows.filter(key__contains=part).exists()


def test_of_two_reviewers_the_second_is_told_how_it_stands(town):
    mark = a_mark(town)
    marks.reply_to_mark(mark.public_id, REPLY, by=town.actor("staff"), at=AT)
    first, second = in_turn(
        mark,
        lambda: marks.decide_mark(mark.public_id, "adopt", REASON, by=town.actor("unit_secretary")),
        lambda: marks.decide_mark(mark.public_id, "refuse", OTHER, by=town.actor("unit_secretary")),
    )
    assert first is None
    assert isinstance(second, rules.WrongState)
    assert "采纳" in str(second)
    mark.refresh_from_db()
    assert mark.state == "adopted"
    assert list(mark.steps.values_list("verb", flat=True)) == ["write", "reply", "adopt"]
    assert told(town, "staff", "decided")
    assert told(town, "community_secretary", "decided")


def test_a_reply_at_the_deadline_and_the_clock_have_one_outcome(town):
    late = a_mark(town, at=days(-9))
    clock_first = in_turn(
        late,
        lambda: marks.run_marks(at=days(1)),
        lambda: marks.reply_to_mark(late.public_id, REPLY, by=town.actor("staff"), at=days(-8)),
    )
    assert clock_first[0] is None
    assert isinstance(clock_first[1], rules.ReplyOver)
    late.refresh_from_db()
    assert late.state == "unanswered"
    prompt = a_mark(town, at=days(-9))
    reply_first = in_turn(
        prompt,
        lambda: marks.reply_to_mark(prompt.public_id, REPLY, by=town.actor("staff"), at=days(-8)),
        lambda: marks.run_marks(at=days(1)),
    )
    assert reply_first == [None, None]
    prompt.refresh_from_db()
    assert prompt.state == "answered"
    assert list(prompt.steps.values_list("verb", flat=True)) == ["write", "reply"]
    assert told(town, "unit_secretary", prompt.public_id)


def test_the_last_place_of_a_call_goes_to_one(town):
    call = a_call(town, wanted=1)
    first, second = in_turn(
        call,
        lambda: calls.take_call(call.public_id, by=town.actor("staff"), at=AT),
        lambda: calls.take_call(call.public_id, by=town.actor("colleague"), at=AT),
    )
    assert first is None
    assert isinstance(second, call_rules.CallFull)
    assert Taking.objects.count() == 1


def test_a_registration_withdrawn_while_it_is_confirmed_has_one_outcome(town):
    place = town.places["liujin"]
    asked = home.register_home(place, since=TODAY, by=town.actor("staff"), at=AT)
    chief = town.actor("other_community_secretary")
    first, second = in_turn(
        asked,
        lambda: home.withdraw_home(asked.public_id, by=town.actor("staff"), at=AT),
        lambda: home.confirm_home(asked.public_id, by=chief, at=AT),
    )
    assert first is None
    assert isinstance(second, home_rules.SettledAlready)
    assert Registration.objects.get().state == "withdrawn"
    town.people["staff"].refresh_from_db()
    assert town.people["staff"].home_community == town.places["chenglang"]
    assert not Mark.objects.exists()


def test_an_answer_while_the_survey_closes_is_counted_or_refused_and_never_lost(town, settings):
    from groundwork.base.actor import NOBODY
    from groundwork.voices.actions import surveys
    from groundwork.voices.actions.answers import send_answer
    from groundwork.voices.models import Answer, Held
    from groundwork.voices.rules import surveys as survey_rules
    from groundwork.voices.tests.test_surveys import a_survey

    chief = town.actor("unit_secretary")
    for closing_first in (True, False):
        survey = a_survey(town)
        for n in range(6):
            send_answer(survey.public_id, {"q1": "a1"}, client_key=f"k{n}", by=NOBODY, at=AT)
        send = partial(
            send_answer, survey.public_id, {"q1": "a2"}, client_key="late", by=NOBODY, at=AT
        )
        shut = partial(surveys.close_survey, survey.public_id, by=chief, at=AT)
        acts = (shut, send) if closing_first else (send, shut)
        found = in_turn(survey, *acts)
        survey.refresh_from_db()
        assert not Held.objects.filter(survey=survey).exists()
        if closing_first:
            assert isinstance(found[1], survey_rules.SurveyShut)
        refused = [one for one in found if one is not None]
        assert survey.answered == 7 - len(refused)
        assert Answer.objects.filter(survey=survey).count() == survey.answered


def test_of_two_who_make_a_matter_of_the_same_words_the_second_is_told(town):
    from groundwork.matters.models import Category, Matter
    from groundwork.voices.actions import surveys
    from groundwork.voices.models import Text
    from groundwork.voices.rules import surveys as survey_rules
    from groundwork.voices.tests.test_surveys import TEXT, a_survey

    roads, _made = Category.objects.get_or_create(code="roads", defaults={"name": "道路"})
    survey = a_survey(town, TEXT, way="invited", anonymous=False)
    chief = town.actor("unit_secretary")
    text = Text.objects.create(
        survey=survey, question=survey.questions.get(), text="北门的路灯坏了"
    )
    surveys.close_survey(survey.public_id, by=chief, at=AT)
    take = partial(
        surveys.take_up_text,
        text.key,
        words=text.text,
        category=roads,
        by=chief,
        at=AT,
    )
    first, second = in_turn(text, take, take)
    assert first is None
    assert isinstance(second, survey_rules.TakenUp)
    assert Matter.objects.count() == 1
