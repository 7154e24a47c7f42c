"""Keys for programs: seen once, acting as what they were made for, ended at once."""

import pytest
from django.urls import reverse

from groundwork.access import actions, queries
from groundwork.access.models import ApiToken, Grant
from groundwork.base.errors import NotFound

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_and_only_its_digest_is_kept(cast, at):
    page = cast.client("clerk").post(reverse("access:tokens"), {"name": "值班大屏"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    row = ApiToken.objects.get()
    assert secret not in (row.digest, row.name)
    assert secret not in cast.client("clerk").get(reverse("access:tokens")).content.decode()
    assert queries.holder_of_token(secret).actor == cast.actor("clerk")


def test_a_key_without_its_grant_is_nobody_wider(cast, at):
    secret = actions.issue_token(name="派单助手", by=cast.actor("dispatcher"))
    Grant.objects.filter(account=cast.accounts["dispatcher"]).delete()
    assert queries.holder_of_token(secret).actor.grants == ()


def test_a_revoked_key_and_that_of_a_closed_account_open_nothing(cast, at):
    mine, theirs = (
        actions.issue_token(name="甲", by=cast.actor(who)) for who in ("staff", "colleague")
    )
    token = ApiToken.objects.get(account=cast.accounts["staff"])
    with pytest.raises(NotFound):
        actions.revoke_token(token.public_id, by=cast.actor("colleague"))
    cast.client("staff").post(reverse("access:revoke_token", args=[token.public_id]))
    assert queries.holder_of_token(mine) is None
    account = cast.accounts["colleague"]
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert queries.holder_of_token(theirs) is None


def test_nobody_has_more_than_twenty_living_keys(cast, at):
    for n in range(20):
        actions.issue_token(name=f"第{n}把", by=cast.actor("staff"))
    page = cast.client("staff").post(reverse("access:tokens"), {"name": "多一把"})
    assert page.status_code == 422
    assert ApiToken.objects.count() == 20
