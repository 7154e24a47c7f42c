"""The command for letters that were given up: what it says, what it does."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from config.cli.letters import outbox_command
from groundwork.base.models import OutboxMessage
from tests.cast import EVENING

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_console_counts_what_was_given_up_and_sends_it_again():
    row = {"kind": "access.mail", "payload": {}, "created_at": EVENING, "due_at": EVENING}
    OutboxMessage.objects.create(**row, key="waits", attempts=9)
    assert "Nothing was given up" in CliRunner().invoke(outbox_command, ["list"]).output
    OutboxMessage.objects.create(**row, key="given up", attempts=10, last_error="gaierror")
    told = CliRunner().invoke(outbox_command, ["list"]).output
    assert "access.mail  gaierror  since 2026-11-24" in told
    assert "1 messages" in CliRunner().invoke(outbox_command, ["again"]).output
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 9]
