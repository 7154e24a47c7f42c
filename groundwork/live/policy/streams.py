"""Who may watch a stream and who hosts it."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import covers, under
from groundwork.live.models import Stream
from groundwork.live.models.stream import Reach
from groundwork.registry.models import Body

# The city hosts anywhere, a district in its own part, these for their own body and below.
OWN_HOSTS = (Role.UNIT_SECRETARY, Role.BRANCH_SECRETARY, Role.CLERK)
HOSTS = (Role.DISTRICT_OPERATOR, *OWN_HOSTS)
Verb = Literal["watch", "host"]


def hosts_anywhere(by: Actor) -> bool:
    """Tell whether the actor hosts for every body."""
    return bool(by.system) or by.has(Role.CITY_OPERATOR)


def hosts_for(by: Actor, body: Body) -> bool:
    """Tell whether the actor hosts for a body (its `place` loaded by the caller)."""
    if hosts_anywhere(by):
        return True
    place = body.place.path if body.place else None
    return covers(by.bodies(*HOSTS), body.path) or covers(by.places(Role.DISTRICT_OPERATOR), place)


def _hosted(by: Actor) -> Q:
    """Make a condition: the stream's host is a body the actor hosts for."""
    return under("host__path", by.bodies(*HOSTS)) | under(
        "host__place__path", by.places(Role.DISTRICT_OPERATOR)
    )


def visible_streams(by: Actor) -> QuerySet[Stream]:
    """The public's are everybody's, the staff's of those signed in, the rest of their hosts."""
    if hosts_anywhere(by):
        return Stream.objects.all()
    if by.is_anonymous:
        return Stream.objects.filter(reach=Reach.PUBLIC)
    return Stream.objects.filter(~Q(reach=Reach.HOSTS) | _hosted(by))


def hosted_streams(by: Actor) -> QuerySet[Stream]:
    """Streams that the actor hosts."""
    return Stream.objects.all() if hosts_anywhere(by) else Stream.objects.filter(_hosted(by))


def stream_for(by: Actor, public_id: str, verb: Verb = "watch", *, lock: bool = False) -> Stream:
    """Fetch a stream for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    streams = visible_streams(by).select_related("host__place")
    if lock:
        streams = streams.select_for_update(of=("self",))
    stream = sole(streams.filter(public_id=public_id))
    if stream is None:
        raise NotFound
    if verb == "watch" or hosts_for(by, stream.host):
        return stream
    raise Forbidden


def watch_files(by: Actor, stream: Stream, rest: str) -> None:
    """Refuse a rehearsal's files to who does not host. Raises NotFound; replays are shown ones."""
    rehearsed = stream.state == Stream.State.WAITING and not rest.startswith("r/")
    if rehearsed and not hosts_for(by, stream.host):
        raise NotFound


def require_host(by: Actor, body: Body) -> None:
    """Refuse a body for which the actor does not host. Raises Forbidden."""
    if not hosts_for(by, body):
        raise Forbidden
