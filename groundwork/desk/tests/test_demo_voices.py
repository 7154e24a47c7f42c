"""The demo city's voices: shares as the article says, by the rules of each act."""

from __future__ import annotations

from random import Random

import pytest

from groundwork.base.actor import system
from groundwork.desk.demo.voices import write_voices
from groundwork.registry.models import Person
from groundwork.voices.models import Answer, Mark, Registration, Survey
from groundwork.voices.queries.surveys import results
from tests.cast import EVENING


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = str(tmp_path)


def test_three_surveys_come_out_as_the_article_says(cast, at):
    people = list(Person.objects.order_by("pk"))
    write_voices(cast.bodies["unit"], people, 1, EVENING, by=system("demo"), rng=Random(1))
    shares = []
    for survey in Survey.objects.order_by("pk"):
        rate = results(survey).results[0].shares[0].rate
        assert rate is not None
        shares.append((rate.percent, rate.whole))
    assert [round(share or 0, 1) for share, _n in shares] == [23.1, 22.0, 71.8]
    assert {n for _share, n in shares} == {2000}
    assert Answer.objects.count() == 6000
    assert Registration.objects.filter(state="confirmed").count() == len(people)
    assert set(Mark.objects.values_list("state", flat=True)) == {"told", "answered", "refused"}
