"""Who may write, read and decide marks. Nobody may count them."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.access.models import Grant
from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import NOWHERE, covers, under
from groundwork.registry.models import Person, Place
from groundwork.registry.policy import visible_people
from groundwork.voices.models import Mark
from groundwork.voices.policy.home import at_kept, keeps
from groundwork.voices.rules import marks as rules

OPERATORS = (Role.CITY_OPERATOR, Role.DISTRICT_OPERATOR)
State = Mark.State
GONE = (State.EXPIRED,)
HEARD = Q(heard_at__isnull=False)  # the person had the first word
Verb = Literal["view", "reply", "adopt", "refuse", "appeal", "correct", "withdraw"]
Side = Literal["me", "written", "unit", "level"]
SIDES: tuple[Side, ...] = ("me", "written", "unit", "level")


def markable(by: Actor, place: Place) -> QuerySet[Person]:
    """People a secretary may write about: who lives in the community, but not oneself."""
    people = visible_people(by).filter(home_community__path__startswith=place.path)
    return people.exclude(pk=by.person_id) if by.person_id is not None else people


def _mine(by: Actor) -> Q:
    return Q(person=by.person_id) if by.person_id is not None else NOWHERE


def _of_unit(by: Actor) -> Q:
    """The unit's secretary hears what is said of its people, but for the own case."""
    units = under("unit__path", by.bodies(Role.UNIT_SECRETARY)) & HEARD
    return units & ~Q(person=by.person_id) if by.person_id is not None else units


def _of_level(by: Actor) -> Q:
    """The next level sees what came to it, and what is about a unit's own secretary."""
    above = under("unit__place__path", by.places(*OPERATORS)) | under(
        "unit__path", by.bodies(*OPERATORS)
    )
    return above & HEARD & (Q(appealed=True) | Q(person__in=_secretaries()))


def _secretaries() -> QuerySet[Grant, int | None]:
    rows = Grant.objects.filter(role=Role.UNIT_SECRETARY, account__person__isnull=False)
    return rows.values_list("account__person", flat=True)


def _side(by: Actor, side: Side) -> Q:
    if side == "me":
        return _mine(by)
    if side == "written":
        return at_kept(by)
    return _of_unit(by) if side == "unit" else _of_level(by)


def sides(by: Actor) -> list[Side]:
    """List from which sides the actor sees marks."""
    own: dict[Side, bool] = {
        "me": by.person_id is not None,
        "written": bool(by.places(Role.COMMUNITY_SECRETARY)),
        "unit": bool(by.bodies(Role.UNIT_SECRETARY)),
        "level": by.has(*OPERATORS) and not by.system,
    }
    return [side for side in SIDES if own[side]]


def marks_seen(by: Actor, side: Side) -> QuerySet[Mark]:
    """Give the marks of one side, those whose year is not over."""
    return Mark.objects.filter(_side(by, side)).exclude(state__in=GONE)


def waiting(by: Actor) -> QuerySet[Mark]:
    """Marks that wait for the actor: to be read first, to be decided, an appeal to be decided."""
    heard = Q(state__in=(State.ANSWERED, State.UNANSWERED))
    condition = _mine(by) & Q(state=State.TOLD)
    if by.bodies(Role.UNIT_SECRETARY):
        condition |= _of_unit(by) & heard
    if by.has(*OPERATORS) and not by.system:
        condition |= _of_level(by) & (heard | Q(state=State.APPEALED))
    return Mark.objects.filter(condition)


def visible_marks(by: Actor) -> QuerySet[Mark]:
    """Marks about oneself, by the own community, of the own unit once heard, and appeals."""
    rows = Mark.objects.exclude(state__in=GONE)
    if by.system:
        return rows
    return rows.filter(_mine(by) | at_kept(by) | _of_unit(by) | _of_level(by))


def mark_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Mark:
    """Fetch a mark for an act. Raises NotFound out of scope, Forbidden where not allowed."""
    if lock:
        hold_row(Mark, public_id=public_id)
    rows = visible_marks(by).select_related("person", "unit__place", "place")
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "view" or may(by, found, verb):
        return found
    raise Forbidden


def may(by: Actor, mark: Mark, verb: Verb) -> bool:
    """Tell whether the actor is the one whose word this is; the state is the table's business."""
    if by.system:
        return True
    about = by.person_id is not None and mark.person_id == by.person_id
    writes = keeps(by, mark.place) and not about
    if verb == "reply":
        return about
    if verb in ("correct", "withdraw"):
        return writes
    if verb == "appeal":  # whoever the unit's decision went against
        return writes if mark.state == State.REFUSED else about
    if mark.state == State.APPEALED:
        return decides_appeals(by, mark) and not about
    return _decides_first(by, mark) and not about


def _decides_first(by: Actor, mark: Mark) -> bool:
    if covers(by.bodies(Role.UNIT_SECRETARY), mark.unit.path):
        return True
    return (
        decides_appeals(by, mark) and _secretaries().filter(account__person=mark.person_id).exists()
    )


def decides_appeals(by: Actor, mark: Mark) -> bool:
    """The operators above the unit decide what is taken to the next level."""
    place = mark.unit.place.path if mark.unit.place else None
    return covers(by.places(*OPERATORS), place) or covers(by.bodies(*OPERATORS), mark.unit.path)


def reads_year(by: Actor) -> bool:
    """Tell whether the yearly view of a unit is for the actor."""
    return bool(by.bodies(Role.UNIT_SECRETARY))


def may_now(by: Actor, mark: Mark, verb: Verb) -> bool:
    """Tell whether it is the actor's word and the table knows a way on by it."""
    return rules.can(mark.kind, mark.state, verb) and may(by, mark, verb)  # type: ignore[arg-type]
