"""What waits for an enterprise: pairs to which its side has not answered."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base.actor import Actor, Role
from groundwork.base.listing import Todo
from groundwork.campaigns.models import Pair
from groundwork.campaigns.policy.alliances import enterprises

MOST = 5


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List the pairs for which an enterprise's word is wanting; nothing is asked for others."""
    if not by.bodies(Role.ENTERPRISE):
        return []
    need = Q(enterprises(by, "need__member__body__path"), state__in=("proposed", "offer_said"))
    offer = Q(enterprises(by, "offer__member__body__path"), state__in=("proposed", "need_said"))
    rows = Pair.objects.filter(need | offer).select_related("need").order_by("-id")[:MOST]
    return [
        Todo(
            title=_("“%(what)s”有一家可以对接，请看合不合适") % {"what": row.need.what},
            url=reverse("campaigns:pair", args=[row.public_id]),
            chip=_("待答复"),
            tone="due",
        )
        for row in rows
    ]
