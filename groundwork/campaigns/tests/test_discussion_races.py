"""Two hands on one thing of a discussion: one outcome, and both are told (PostgreSQL, threads)."""

from __future__ import annotations

import pytest

from groundwork.base import clock
from groundwork.base.errors import Conflict
from groundwork.campaigns.actions import discussion, talking
from groundwork.campaigns.models import Campaign, Contribution, FindingCheck
from groundwork.campaigns.rules import discussion as rules
from groundwork.campaigns.rules import rectify
from groundwork.campaigns.rules.discussion import Span
from groundwork.campaigns.tests.make import AT, TODAY, days
from groundwork.campaigns.tests.make_discussion import a_campaign, find, fix, look, say
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import the_category
from tests.cast import EVENING
from tests.hands import in_turn, need_row_locks

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db):
    """The cast, on a database where two connections can wait for each other."""
    need_row_locks()
    from tests.cast import build

    with clock.at(EVENING):
        yield build()


def test_words_taken_back_beside_a_keeper_are_gone_and_the_keeper_is_told(town):
    word = say(town, a_campaign(town))
    key, keeper, author = word.public_id, town.actor("city_operator"), town.actor("staff")
    back = lambda: talking.withdraw_word(key, by=author)  # noqa: E731
    show = lambda: talking.settle_word(key, "show", by=keeper)  # noqa: E731
    first, second = in_turn(word, back, show)
    assert first is None
    assert second is not None, "there is nothing left to show"
    assert Contribution.objects.get().text == ""


def test_of_two_who_pass_a_suggestion_on_one_makes_a_matter(town):
    word, category = say(town, a_campaign(town)), the_category("welfare")
    take = lambda: talking.take_up(  # noqa: E731
        word.public_id, category, by=town.actor("city_operator")
    )
    first, second = in_turn(word, take, take)
    assert first is None
    assert isinstance(second, rules.NoSuggestion)
    assert Matter.objects.count() == 1


def test_of_two_who_copy_for_one_district_the_second_is_told(town):
    campaign, body = a_campaign(town), town.bodies["haishu_party"]
    copy = lambda: discussion.copy_campaign(  # noqa: E731
        campaign.public_id, body, by=town.actor("district_operator")
    )
    first, second = in_turn(campaign, copy, copy)
    assert first is None
    assert isinstance(second, rules.CopiedAlready)
    assert Campaign.objects.filter(upper=campaign).count() == 1


def test_of_two_who_check_a_finding_the_first_word_stands(town):
    spans = (
        Span("mobilise", TODAY, TODAY),
        Span("discuss", TODAY, TODAY),
        Span("rectify", TODAY, days(60).date()),
    )
    found = find(town, a_campaign(town, spans=spans), at=AT)
    fix(town, found, at=AT)
    matter = Matter.objects.get()
    yes = lambda: look(town, found, who="city_operator", at=AT)  # noqa: E731
    no = lambda: look(town, found, "back", "auditor", at=AT)  # noqa: E731
    first, second = in_turn(matter, no, yes)
    assert first is None
    assert isinstance(second, rectify.NothingToCheck)
    assert FindingCheck.objects.get().found == "back"


def test_one_form_sent_twice_at_once_is_one_contribution_and_both_are_given_it(town):
    campaign, author = a_campaign(town), town.actor("staff")
    word = talking.Word("suggestion", "把窗口的午休排开，总有人在。", client_key="tapped-twice")
    send = lambda: talking.contribute(campaign.public_id, word, by=author, at=AT)  # noqa: E731
    assert in_turn(send, send) == [None]  # the second came while the first was being written
    assert send() == Contribution.objects.get()
    with pytest.raises(Conflict):  # a key of somebody else's gives nothing away
        talking.contribute(campaign.public_id, word, by=town.actor("colleague"), at=AT)


def test_one_finding_sent_twice_at_once_is_one_matter(town):
    spans = (
        Span("mobilise", TODAY, TODAY),
        Span("discuss", TODAY, TODAY),
        Span("rectify", TODAY, days(60).date()),
    )
    campaign = a_campaign(town, spans=spans)
    send = lambda: find(town, campaign, at=AT, client_key="tapped-twice")  # noqa: E731
    assert in_turn(send, send) == [None]
    assert send().matter == Matter.objects.get()
