"""The privacy notice names every table that knows a person or an account."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.urls import reverse

from groundwork.access.models import Account
from groundwork.desk.privacy import KINDS
from groundwork.registry.models import Person

PERSONAL = {"account_id", "person_id", "username", "phone", "email", "closed_by"}


def knows_somebody(model: type[Model]) -> bool:
    """Tell whether a table points at a person or an account, or holds a way to reach one."""
    if model in (Person, Account):
        return True
    return any(
        (isinstance(field, ForeignKey) and field.related_model in (Person, Account))
        or field.name in PERSONAL
        for field in model._meta.concrete_fields
    )


def test_every_table_about_people_is_in_the_notice_once():
    named = [label for kind in KINDS for label in kind.models]
    assert len(named) == len(set(named))
    about_people = {
        model._meta.label
        for config in apps.get_app_configs()
        for model in config.get_models(include_auto_created=True)
        if knows_somebody(model)
    }
    assert about_people - set(named) - NOT_PEOPLE == set()


# They hold who wrote a row of no person: the hand, which is in the trail as well.
NOT_PEOPLE = {"study.RollSheet"}


def test_everybody_may_read_the_notice_and_what_the_software_is(db, client):
    for name in ("desk:privacy", "desk:about"):
        assert client.get(reverse(name)).status_code == 200
