"""One of everything in the ledger and in service, for the walker, the languages and the browser.

Made through the city's own actions, as of the world's moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundwork.access.actions import issue_token
from groundwork.access.models import ApiToken
from groundwork.base.actor import NOBODY
from groundwork.matters.actions.raising import Teller, Telling, raise_matter
from groundwork.matters.models import Category, Door

if TYPE_CHECKING:
    from tests.world import World


def build(world: World) -> None:
    """Write one of everything; each subject adds its own below."""
    _matters(world)
    _interfaces(world)


def category(code: str, name: str = "") -> Category:
    """Give a category; a flushed database has lost those of the first migration."""
    found, _made = Category.objects.get_or_create(code=code, defaults={"name": name or code})
    return found


def _matters(world: World) -> None:
    """Raise one matter in 澄浪社区: world["matter"], with the secret of its link."""
    telling = Telling(
        words="澄浪社区北门的路灯坏了三天，晚上老人不敢出门。",
        category=category("roads", "道路与市政设施"),
        place=world.cast.places["chenglang"],
        door=Door.PORTAL,
    )
    teller = Teller(name="沈阿姨", phone="13905740001", confidential=True)
    receipt = raise_matter(telling, teller, by=NOBODY, at=world.at)
    world.things["matter"] = receipt.matter
    world.things["matter_secret"] = receipt.secret


def _interfaces(world: World) -> None:
    """Make a program's key of the staff's: world["token"], and its secret."""
    secret = issue_token(name="值班大屏", by=world.cast.actor("staff"), at=world.at)
    world.things["token"] = ApiToken.objects.get(account=world.cast.accounts["staff"])
    world.things["token_secret"] = secret
