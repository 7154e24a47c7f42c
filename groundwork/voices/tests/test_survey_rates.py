"""The answer rate of a survey: used rights of all the rights that were given."""

from __future__ import annotations

from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from groundwork.base import vault
from groundwork.base.actor import Actor
from groundwork.base.numbers import Rate
from groundwork.registry.models import Person
from groundwork.voices.actions.home import follow_merged
from groundwork.voices.models import Seat, Survey
from groundwork.voices.queries import surveys as queries
from groundwork.voices.tests.make import AT
from groundwork.voices.tests.test_surveys import (  # noqa: F401 - keys is a fixture of every test
    CITY,
    a_survey,
    close,
    crowd,
    keys,
    send,
)


def test_the_answer_rate_is_of_the_rights_that_were_given_whatever_comes_in_how_often(cast):
    survey, people = crowd(cast, 12)
    rng, answered = Random(12), set()
    chief = cast.actor("unit_secretary")
    for _try in range(25):
        n = rng.randrange(9)  # three never say anything
        by = Actor(account_id=n, person_id=people[n].pk)
        assert send(survey, {"q1": ["a1"]}, rng.random(), by=by).fresh == (n not in answered)
        answered.add(n)
    running = queries.survey_page(chief, survey)
    assert (running.received, running.rate) == (len(answered), Rate(len(answered), survey.invited))
    assert queries.results(survey).rate == running.rate
    done = close(cast, survey)
    assert queries.results(done).rate == queries.survey_page(chief, done).rate == running.rate
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(answered=survey.invited + 1)


def test_whose_entry_is_merged_keeps_the_one_right_to_answer(cast):
    survey, people = crowd(cast, 12)
    follow_merged(people[0], people[1], by=CITY, at=AT)  # both were invited: one answers, once
    second = Person.objects.create(
        name="乙零", sort_key="yi", initials="y", work_number="Y99", unit=people[0].unit
    )
    by = Actor(account_id=2, person_id=people[2].pk)
    assert send(survey, {"q1": ["a1"]}, by=by).fresh
    for n, fresh in ((2, False), (3, True)):
        follow_merged(people[n], second, by=CITY, at=AT)
        now = Actor(account_id=n, person_id=second.pk)
        assert send(survey, {"q1": ["a1"]}, n, by=now).fresh == fresh
        Seat.objects.filter(person=second).delete()
    assert queries.results(survey).rate == Rate(2, survey.invited)


def test_whoever_answers_by_the_code_is_of_no_whole_and_the_page_says_so(cast, at):
    survey = a_survey(cast)
    for n in range(6):
        send(survey, {"q1": "a1"}, n)
    chief = cast.client("unit_secretary")
    for page, args in (("survey", survey), ("survey_results", close(cast, survey))):
        shown = chief.get(reverse(f"voices:{page}", args=[args.public_id])).content.decode()
        assert "没有回答率" in shown
        assert "没有请多少人这个数" in shown


def test_the_rights_of_those_invited_lie_in_no_order_of_theirs(cast):
    survey, _people = crowd(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark, used FROM voices_right WHERE survey_id = %s", [survey.pk])
        rows = cursor.fetchall()
    marks = [mark for mark, _used in rows]
    assert marks == sorted(marks)
    assert len(set(marks)) == survey.invited >= 24
    seats = [seat.right for seat in Seat.objects.filter(survey=survey).order_by("pk")]
    assert vault.mac_all(survey.vault_key, seats) != marks
    assert not any(used for _mark, used in rows)
