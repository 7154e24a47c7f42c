"""Commands about accounts: the first operator, a new slip."""

from __future__ import annotations

from datetime import datetime

import click

from config.cli.city import needs_city


@click.group("user")
def user_command() -> None:
    """Let people in: the first operator, or somebody who lost everything."""


@user_command.command("operator")
@click.option("--name", required=True, help="The person's name.")
@click.option("--number", required=True, help="The work number; it is also the account's name.")
@click.option(
    "--unit", "unit_code", required=True, help="Code of the unit; made if it is not there."
)
@click.option("--unit-name", help="Name of the unit, if it is to be made.")
@needs_city
def operator_command(name: str, number: str, unit_code: str, unit_name: str | None) -> None:
    """Make a city operator and print the one-time slip to come in with.

    Import the places first. Everything else is then done on the pages, by this person.
    """
    from django.db import transaction

    from groundwork.access.actions import grant_role, issue_slip
    from groundwork.access.actions.accounts import open_accounts
    from groundwork.access.models import Account
    from groundwork.base.actor import Role, system
    from groundwork.registry.actions import NewBody, NewPerson, add_bodies_many, add_person
    from groundwork.registry.models import Body, Person, Place

    by = system("console")
    city = Place.objects.filter(level=Place.Level.CITY, valid_to=None).first()
    if city is None:
        raise click.ClickException(
            "There are no places yet; `groundwork import places FILE` first."
        )
    with transaction.atomic():
        if not Body.objects.filter(code=unit_code).exists():
            if not unit_name:
                raise click.ClickException(
                    f"There is no unit {unit_code}; name it with --unit-name."
                )
            row = NewBody(code=unit_code, name=unit_name, kind="unit", place_code=city.code)
            add_bodies_many([row], by=by)
        unit = Body.objects.get(code=unit_code)
        person = Person.objects.filter(work_number=number).first() or add_person(
            NewPerson(name=name, work_number=number, unit_id=unit.pk), by=by
        )
        open_accounts(Person.objects.filter(pk=person.pk), by=by)
        account = Account.objects.get(person=person)
        grant_role(account, role=Role.CITY_OPERATOR, place=city, by=by)
        slip = issue_slip(account, by=by)
    show_slip(slip.number, slip.code, slip.expires_at)


@user_command.command("slip")
@click.argument("number")
@needs_city
def slip_command(number: str) -> None:
    """Print a new one-time slip for the account with this work NUMBER.

    Password, passkeys and sessions of the account end when the slip is used; older slips end now.
    """
    from groundwork.access.actions import issue_slip
    from groundwork.access.models import Account
    from groundwork.base.actor import system

    account = Account.objects.filter(username__iexact=number).first()
    if account is None:
        raise click.ClickException(f"There is no account {number}.")
    slip = issue_slip(account, by=system("console"))
    show_slip(slip.number, slip.code, slip.expires_at)


def show_slip(number: str, code: str, expires_at: datetime) -> None:
    """Print a slip; nobody can read it out of the city again."""
    from django.conf import settings
    from django.urls import reverse

    from groundwork.access.rules.slips import group_code

    click.echo(f"Work number {number}, code {group_code(code)}, until {expires_at:%Y-%m-%d %H:%M}.")
    click.echo(f"Enter both at {settings.PUBLIC_URL}{reverse('access:slip')}")
