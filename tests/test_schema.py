"""No column may turn a person into a number. Why: safe shapes in docs/rules.md and the README.

The field forbids points, ranks and online time of people (2023-12-18 and 2024-08-06 rules). A word
list over every column of every table that leads to a person holds that line; so does a list of
what may never be stored about anybody.
"""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models

PEOPLE = {"registry.Person", "access.Account"}
OF_A_PERSON = re.compile(r"(^|_)(person|account|speaker|staff|by)(_id)?$")

# Words that make a measure of a person, matched between underscores.
MEASURES = {
    *("points", "point", "score", "scores", "rank", "ranking", "rating", "stars", "level_up"),
    *("minute", "minutes", "second", "seconds", "hours", "duration", "online", "dwell", "watched"),
    *("streak", "badge", "badges", "credit", "credits", "grade", "merit", "demerit", "clock_in"),
    *("percent", "percentage", "quota", "average", "likes", "views", "visits", "clicks", "logins"),
}
# What is not asked for at all: identity numbers, tracks, faces, devices.
NEVER_KEPT = {
    *("id_number", "identity_number", "id_card", "passport", "sfz", "birthday", "birth_date"),
    *("latitude", "longitude", "location", "track", "gps", "face", "photo", "fingerprint"),
    *("user_agent", "device", "imei", "ip_address"),
}
# Tables of other people's software, and what is in them about people:
FOREIGN = {
    # failed sign-ins, for the lockout: security is the exception that the rules make
    "axes": {"user_agent", "ip_address"},
    # the reader's own list of open sessions, with the means to end them
    "usersessions": {"user_agent", "ip"},
}


def house_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if _ours(m)]


def _ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("groundwork.")


def leads_to_a_person(model: type[models.Model]) -> bool:
    """Tell whether a row of the table can be tied to one person."""
    if model._meta.label in PEOPLE:
        return True
    for field in model._meta.get_fields():
        if not getattr(field, "concrete", False):
            continue
        if field.is_relation and field.related_model._meta.label in PEOPLE:
            return True
        if isinstance(field, models.IntegerField) and OF_A_PERSON.search(field.name):
            return True  # a soft reference, as in the trail
    return False


def has_word(name: str, words: set[str]) -> bool:
    parts = f"_{name}_"
    return any(f"_{word}_" in parts for word in words)


def test_the_tables_that_lead_to_people_are_found():
    found = {model._meta.label for model in house_models() if leads_to_a_person(model)}
    assert found >= {
        "registry.Person",
        "registry.Membership",
        "access.Account",
        "base.TrailEntry",
        "study.RollEntry",
        "study.RollCorrection",
        "study.Absence",
        "study.Leave",
    }
    assert "study.Evening" not in found  # an evening may be at least 90 minutes; nobody is


def test_no_table_that_leads_to_a_person_measures_the_person():
    assert [w for w in ("points", "online_minutes", "study_duration") if has_word(w, MEASURES)]
    assert not [
        f"{model._meta.label}.{field.name}"
        for model in house_models()
        if leads_to_a_person(model)
        for field in model._meta.concrete_fields
        if has_word(field.name, MEASURES) and not field.is_relation  # a contact point is no point
    ]


def test_no_free_field_of_a_person_could_hold_a_measure_unseen():
    """Numbers and JSON beside a person are listed one by one: a new one is talked about."""
    known = {
        # which of several, or who did it: no quantity
        "access.Grant.granted_by": "account that gave the role",
        "access.Remark.answered_by": "account that answered",
        "access.Slip.issued_by": "account that printed the slip",
        "base.Attachment.account_id": "account that uploaded",
        "base.Attachment.size": "bytes of the file",
        "base.TrailEntry.account_id": "who",
        "base.TrailEntry.fields": "names of columns, never values",
        "base.TrailEntry.position": "place in the chain",
        "campaigns.Adoption.account_id": "account that wrote it down",
        "campaigns.Contribution.account_id": "account that said it",
        "campaigns.Contribution.settled_by": "account that showed or refused it",
        "campaigns.FindingCheck.account_id": "account that went to look",
        "campaigns.TaskReport.account_id": "account that reported for its unit",
        "campaigns.Entry.account_id": "account that wrote it down",
        "campaigns.Entry.amount": "of what an enterprise needs or offers",
        "campaigns.ItemStep.account_id": "account that acted",
        "campaigns.ProjectNote.account_id": "account that wrote it down",
        "campaigns.Revisit.account_id": "account that went to look",
        "duty.Alarm.answered_by": "account that answered",
        "duty.GateNotice.account_id": "account that wrote the version",
        "duty.GateNotice.version": "of the notice at the gate",
        "duty.GatePhone.opened_by": "account that opened the gate's phone",
        "duty.OrderStep.account_id": "account that acted",
        "duty.OrderStep.data": "dates and switches, before and after",
        "duty.PlanRun.account_id": "account that asked",
        "duty.PlanRun.aim": "proven gap to stop at, of the whole plan",
        "duty.PlanRun.bound": "no plan costs less",
        "duty.PlanRun.changed": "shifts a new plan gives and takes",
        "duty.PlanRun.cost": "of the whole plan",
        "duty.PlanRun.days": "of the plan",
        "duty.PlanRun.limit": "seconds of the solver",
        "duty.PlanRun.parts": "of the whole plan's cost",
        "duty.PlanRun.progress": "of the solver",
        "duty.PlanRun.result": "who stands where, until published",
        "duty.PlanRun.violations": "rules the checker found broken",
        "duty.PlanRun.weights": "prices of the planner",
        "duty.PostStep.account_id": "account that acted",
        "duty.Reveal.account_id": "account that looked",
        "duty.Reveal.shown": "entries that were opened",
        "duty.UnitPart.account_id": "account that released",
        "figures.BriefingStep.account_id": "account that acted",
        "live.Stream.key_made_by": "account that is told of faults of the line",
        "duty.UnitPart.stay": "people who stay in the office",
        "duty.Volunteer.cap": "shifts a week the person takes at most",
        "duty.Volunteer.skills": "what the person says they can",
        "duty.Volunteer.times": "when the person can",
        "live.OutsideFigure.number": "what the broadcaster says of its whole audience",
        "live.OutsideFigure.recorded_by": "account that recorded it",
        "matters.CallTask.called_by": "account that called",
        "matters.CallTask.round": "which answer it asks about",
        "matters.CallTask.tries": "calls made in vain",
        "matters.Matter.escalation": "levels up the tree it was told to",
        "matters.Matter.raisers_count": "who raised it and who joined",
        "matters.Matter.redo_count": "answers the raiser refused",
        "matters.Matter.returned_count": "times it came back to the dispatcher",
        "matters.Raiser.account_id": "account of the raiser, seen by the raiser alone",
        "matters.Request.asked_by": "account that asked",
        "matters.Request.decided_by": "account that decided",
        "matters.Sample.confidence": "of the audit",
        "matters.Sample.drawn_by": "account that drew",
        "matters.Sample.most_false": "share of false closures the audit looks for",
        "matters.Sample.population": "closures on the published list",
        "matters.Sample.published_by": "account that published the list",
        "matters.Sample.size": "closures to draw",
        "matters.SampleItem.former": "findings before they were mended",
        "matters.SampleItem.found_by": "account that looked",
        "matters.SampleItem.position": "place in the draw",
        "matters.Step.account_id": "account that acted, never a raiser's",
        "matters.Step.data": "ids, days, codes",
        "matters.Term.accept_days": "working days allowed",
        "matters.Term.account_id": "account that wrote the version",
        "matters.Term.reply_days": "working days allowed",
        "matters.Term.solve_days": "working days allowed",
        "registry.ImportBatch.account_id": "account that uploaded",
        "registry.ImportBatch.refusal": "why a file was not read",
        "registry.ImportBatch.totals": "rows of the sheet",
        "registry.ImportBatch.parsed": "the sheet as read",
        "registry.ImportBatch.undo": "what stood before the import",
        "service.HeldVisit.account_id": "account whose form waits to be mended",
        "service.HeldVisit.fields": "the form as it was sent",
        "service.Patrol.found": "matters of the round",
        "service.RoundReply.account_id": "account that answered",
        "service.RoundReply.answers": "the words, by question",
        "service.RoundReply.matters": "matters that came of it",
        "service.Visit.account_id": "account that recorded it",
        "service.Visit.brought": "kinds of help",
        "service.Visit.found": "matters of the visit",
        "study.CodeGuess.account_id": "account that guessed",
        "study.CodeGuess.wrong": "wrong codes in ten minutes: security, then forgotten",
        "study.EveningSpeaker.order": "order on the invitation",
        "study.Leave.decided_by": "account that decided",
        "study.RollCorrection.account_id": "account that corrected",
        "study.RollSheet.closed_by": "account that closed the sheet",
        "study.RollSheet.expected": "people of the unit, at closing",
        "study.RollSheet.took_part": "people of the unit, at closing",
        "voices.Deed.lasted": "one's own hours from another system, on one's own record alone",
        "voices.MarkStep.account_id": "account that said it",
        "voices.Registration.account_id": "account that settled it",
        "voices.Taking.account_id": "account that confirmed it",
    }
    numeric = (
        models.IntegerField,
        models.FloatField,
        models.DecimalField,
        models.DurationField,
        models.JSONField,
        models.BinaryField,
    )
    found = {
        f"{model._meta.label}.{field.name}"
        for model in house_models()
        if leads_to_a_person(model)
        for field in model._meta.concrete_fields
        if isinstance(field, numeric) and not field.primary_key and not field.is_relation
    }
    tree = {f"registry.{m}.{f}" for m in ("Place", "Body") for f in ("depth", "numchild")}
    assert found - tree == known.keys() & found, "name new columns here, with what they hold"
    assert known.keys() <= found, "these columns are gone; take them off the list"


def test_nothing_is_kept_that_the_city_does_not_need():
    assert has_word("home_latitude", NEVER_KEPT)
    assert not [
        f"{model._meta.label}.{field.name}"
        for model in house_models()
        for field in model._meta.concrete_fields
        if has_word(field.name, NEVER_KEPT)
    ]


def test_other_peoples_tables_keep_only_what_is_known_of_them():
    for model in apps.get_models():
        if _ours(model):
            continue
        found = {f.name for f in model._meta.concrete_fields if has_word(f.name, NEVER_KEPT)}
        assert found <= FOREIGN.get(model._meta.app_label, set()), model._meta.label


def test_the_roll_says_yes_and_how_and_nothing_more():
    fields = {field.name for field in apps.get_model("study", "RollEntry")._meta.concrete_fields}
    assert fields == {
        *("id", "public_id", "evening", "person", "body", "room"),
        *("source", "recorded_at", "withdrawn"),
    }
