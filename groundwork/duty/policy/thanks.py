"""Who reads residents' thanks before they are shown: the keepers of the gate's place."""

from __future__ import annotations

from django.db.models import QuerySet

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import under
from groundwork.duty.models import Thanks
from groundwork.duty.policy.gates import KEEPERS


def kept_thanks(by: Actor) -> QuerySet[Thanks]:
    """Thanks left at the gates whose places one keeps."""
    if by.system:
        return Thanks.objects.all()
    return Thanks.objects.filter(under("gate__place__path", by.places(*KEEPERS)))


def thanks_for(by: Actor, public_id: str) -> Thanks:
    """Fetch a word of thanks to read it before others do. Raises NotFound."""
    found = sole(kept_thanks(by).filter(public_id=public_id))
    if found is None:
        raise NotFound
    return found
