"""Who is told what of a matter: staff by notice, raisers by letter where they left an address.

A notice to the staff names the receipt number, category and place, never a raiser. A letter
repeats only what its reader may read: the answer goes to who raised the matter; who joined is
told that there is one. Raisers without an address see everything on their page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from groundwork.access.actions.notices import notify
from groundwork.access.models import Account
from groundwork.base import outbox
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.matters.models import Matter, Raiser, Step
from groundwork.matters.policy import all_raisers
from groundwork.matters.queries import keepers
from groundwork.registry.models import Body, Person

LETTER = "matters.told"
# What the staff read.
STAFF: dict[str, str] = {
    "assign": N_("新派来一件诉求：%(receipt)s（%(category)s，%(place)s），请接单办理。"),
    "co_handle": N_("请协办一件诉求：%(receipt)s（%(category)s，%(place)s）。"),
    "taken": N_("诉求 %(receipt)s（%(category)s，%(place)s）已改派别的单位，不再由你单位办理。"),
    "return": N_("诉求 %(receipt)s（%(category)s，%(place)s）被退单，请重新派单。"),
    "remind": N_("催办：诉求 %(receipt)s（%(category)s，%(place)s），请尽快办理。"),
    "supervise": N_("督办：诉求 %(receipt)s（%(category)s，%(place)s）已列入督办。"),
    "hand_over": N_("诉求 %(receipt)s（%(category)s，%(place)s）交给你经办。"),
    "left_open": N_("诉求 %(receipt)s（%(category)s，%(place)s）原经办人已离开，请另定经办人。"),
    "contribute": N_("协办单位对诉求 %(receipt)s（%(category)s，%(place)s）提供了意见。"),
    "ask_extension": N_("诉求 %(receipt)s（%(category)s，%(place)s）申请延期，请裁定。"),
    "dispute": N_("诉求 %(receipt)s（%(category)s，%(place)s）有派单争议，请裁定。"),
    "grant": N_("诉求 %(receipt)s（%(category)s，%(place)s）的申请已同意。"),
    "deny": N_("诉求 %(receipt)s（%(category)s，%(place)s）的申请未同意，请看裁定意见。"),
    "merge": N_("诉求 %(receipt)s（%(category)s，%(place)s）已与别的诉求并单，不必再办。"),
    "absorb": N_("又有诉求并入 %(receipt)s（%(category)s，%(place)s），答复会到每位提出人。"),
    "split": N_("诉求 %(receipt)s（%(category)s，%(place)s）有一部分已拆出另办。"),
    "confirm": N_("诉求 %(receipt)s（%(category)s，%(place)s）：提出人确认解决了。"),
    "refuse": N_("诉求 %(receipt)s（%(category)s，%(place)s）：提出人说没有解决，请重办。"),
    "reopen": N_("诉求 %(receipt)s（%(category)s，%(place)s）：核查发现没有解决，请重办。"),
    "withdraw": N_("诉求 %(receipt)s（%(category)s，%(place)s）已由提出人撤回，不必再办。"),
    "add": N_("诉求 %(receipt)s（%(category)s，%(place)s）：提出人补充了情况。"),
    "thank": N_("诉求 %(receipt)s（%(category)s，%(place)s）：提出人道了谢。"),
    "lapse": N_("诉求 %(receipt)s（%(category)s，%(place)s）征询期满，提出人没有表态。"),
    "outside_late": N_("转给外单位的诉求 %(receipt)s（%(category)s，%(place)s）超期未答复。"),
    "release": N_("诉求 %(receipt)s（%(category)s，%(place)s）现在又能看、能办了，请看最新进展。"),
}
# What the lead reads of a matter that is taken out of its sight: the number it knows, the hour,
# what follows; no word of what it is about.
KEPT_BACK = N_(
    "诉求 %(receipt)s 先不公开，到 %(until)s 为止暂时看不到，也不用办，办理期限顺延；到时再通知您。"
)
# What a raiser reads.
RAISERS: dict[str, str] = {
    "accept": N_("您提的诉求（编号 %(receipt)s）已受理。"),
    "decline": N_(
        "您提的诉求（编号 %(receipt)s）不予受理，理由见下；不同意的话，可以请求再看一次。"
    ),
    "assign": N_("您提的诉求（编号 %(receipt)s）已派给%(body)s办理。"),
    "hand_out": N_("您提的诉求（编号 %(receipt)s）已转给%(body)s办理。"),
    "reply": N_("您提的诉求（编号 %(receipt)s）有了初步回复。"),
    "answer": N_("您提的诉求（编号 %(receipt)s）有了答复。请看一看，并告诉我们解决了没有。"),
    "extend": N_("您提的诉求（编号 %(receipt)s）需要更多时间，办理期限延到 %(until)s。"),
    "absorb": N_("您提的诉求与同一件事并在一起办理，编号现为 %(receipt)s，原来的链接照样能看。"),
    "split": N_("您提的诉求（编号 %(receipt)s）说了几件事，已分开办理，原来的链接里都能看到。"),
    "reopen": N_("您提的诉求（编号 %(receipt)s）经核查没有解决，已退回重办。"),
    # Only where not they themselves took it back.
    "withdraw": N_("登记的工作人员说您这件诉求（编号 %(receipt)s）记错了，已撤回。还在的请另提。"),
    "lapse": N_("您提的诉求（编号 %(receipt)s）征询期已满，暂记为“单位称已办结”；没解决仍可说。"),
}
# The verbs whose words a letter repeats to who raised the matter.
REPEATED = ("decline", "reply", "answer", "extend", "reopen")


def staff_page(matter: Matter) -> str:
    """Give the address of a matter's page for the staff."""
    return reverse("matters:matter", args=[matter.public_id])


def tell_accounts(
    matter: Matter, what: str, accounts: Iterable[int | Person], *, by: Actor, at: datetime
) -> int:
    """Tell accounts, or people, one of the sentences above, not the one who acts; count them.

    What is withheld is nowhere, in notices neither: what happens meanwhile is told at its hour.
    """
    if matter.withheld_until is not None and matter.withheld_until > at:
        return 0
    told = [one for one in accounts if not _is(by, one)]
    return notify(
        told,
        kind=f"matters.{what}",
        key=f"matters.{what}:{matter.public_id}:{at.timestamp():.0f}",
        text=STAFF[what],
        url=staff_page(matter),
        params={
            "receipt": matter.receipt,
            "category": str(matter.category),
            "place": str(matter.place),
        },
        by=by,
        at=at,
    )


def _is(by: Actor, one: int | Person) -> bool:
    return by.person_id == one.pk if isinstance(one, Person) else by.account_id == one


def tell_body(matter: Matter, what: str, body: Body | None, *, by: Actor, at: datetime) -> int:
    """Tell those who handle for a body."""
    if body is None:
        return 0
    who = keepers.handlers_of(body, at, avoid=matter.concerns)
    return tell_accounts(matter, what, who, by=by, at=at)


def tell_lead(matter: Matter, what: str, *, by: Actor, at: datetime) -> int:
    """Tell the one who handles the matter, or all who handle for its lead where nobody does yet."""
    handler = matter.handler
    if handler and Account.objects.filter(person=handler, is_active=True).exists():
        return tell_accounts(matter, what, [handler], by=by, at=at)
    return tell_body(matter, what, matter.lead, by=by, at=at)


def tell_kept_back(matter: Matter, *, by: Actor, at: datetime) -> int:
    """Tell those at work on a matter that it is out of their sight, and until which hour."""
    assert matter.withheld_until is not None
    told = [one for one in _at_work(matter, at) if not _is(by, one)]
    return notify(
        told,
        kind="matters.withhold",
        key=f"matters.withhold:{matter.public_id}:{at.timestamp():.0f}",
        text=KEPT_BACK,
        url=reverse("matters:queue"),
        params={"receipt": matter.receipt, "until": matter.withheld_until},
        by=by,
        at=at,
    )


def tell_back(matter: Matter, *, by: Actor, at: datetime) -> int:
    """Tell those at work on a matter that its hour has come."""
    return tell_accounts(matter, "release", _at_work(matter, at), by=by, at=at)


def _at_work(matter: Matter, at: datetime) -> list[int | Person]:
    """Name who handles a matter, for the lead and for those who help."""
    if matter.lead is None:
        return []
    helpers = [row.body for row in matter.co_handlers.select_related("body")]
    bodies = helpers if matter.handler else [matter.lead, *helpers]
    accounts = {
        pk for body in bodies for pk in keepers.handlers_of(body, at, avoid=matter.concerns)
    }
    return [*([matter.handler] if matter.handler else []), *sorted(accounts)]


def tell_leaders(matter: Matter, what: str, *, by: Actor, at: datetime) -> int:
    """Tell who answers for the lead."""
    if matter.lead is None:
        return 0
    who = keepers.leaders_at(matter.lead.path, at, avoid=matter.concerns)
    return tell_accounts(matter, what, who, by=by, at=at)


def tell_helpers(matter: Matter, what: str, *, by: Actor, at: datetime) -> int:
    """Tell those who handle for the bodies that help."""
    rows = matter.co_handlers.select_related("body")
    return sum(tell_body(matter, what, row.body, by=by, at=at) for row in rows)


def tell_dispatchers(matter: Matter, what: str, *, by: Actor, at: datetime) -> int:
    """Tell the dispatchers nearest to the place."""
    who = keepers.dispatchers_of(matter.place, at, avoid=matter.concerns)
    return tell_accounts(matter, what, who, by=by, at=at)


def tell_raisers(
    matter: Matter, step: Step, *, by: Actor, at: datetime, only: Iterable[int] | None = None
) -> int:
    """Tell everybody who raised, joined or was merged into a matter; count who can be reached.

    `only` names the raisers (their keys) where not all are concerned.
    """
    raisers = all_raisers(matter).filter(erased_at=None)
    if only is not None:
        raisers = raisers.filter(pk__in=list(only))
    reached = list(raisers.exclude(email="", account_id=None))
    outbox.put_many(
        [
            (LETTER, f"{LETTER}:{step.pk}:{raiser.pk}", {"step": step.pk, "raiser": raiser.pk})
            for raiser in reached
            if raiser.email
        ]
    )
    accounts = [raiser.account_id for raiser in reached if raiser.account_id is not None]
    if accounts:
        notify(
            accounts,
            kind=f"matters.own.{step.verb}",
            key=f"matters.own:{step.pk}",
            text=RAISERS[step.verb],
            url=reverse("matters:own"),
            params=_said(matter, step),
            by=by,
            at=at,
        )
    return len(reached)


def send_letter(step_pk: int, raiser_pk: int) -> None:
    """Send one raiser the letter of one step; who was erased meanwhile gets none."""
    raiser = Raiser.objects.filter(pk=raiser_pk, erased_at=None).exclude(email="").first()
    step = Step.objects.filter(pk=step_pk).select_related("body", "matter").first()
    if raiser is None or step is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        letter = letter_of(raiser, step)
    letter.send()


def letter_of(raiser: Raiser, step: Step) -> EmailMessage:
    """Write the letter: what happened, the words where they are the reader's to read, where to."""
    matter = step.matter  # for who was merged, the one theirs went into
    happened = gettext(RAISERS[step.verb]) % _said(matter, step)
    parts = [happened]
    if _is_first(raiser, matter) and step.verb in REPEATED and step.text:
        parts.append(step.text)
    parts.append(
        gettext("全部进展请用提交时给您的专用链接查看。本系统的地址：%(address)s")
        % {"address": settings.PUBLIC_URL}
    )
    parts.append(gettext("这封信由系统发出，请勿直接回复。"))
    subject = gettext("诉求 %(receipt)s 有了新进展") % {"receipt": matter.receipt}
    return EmailMessage(subject, "\n\n".join(parts), to=[raiser.email])


def _is_first(raiser: Raiser, matter: Matter) -> bool:
    return raiser.first and raiser.matter_id == matter.pk


def _said(matter: Matter, step: Step) -> dict[str, str]:
    return {
        "receipt": matter.receipt,
        "body": str(step.body or ""),
        "until": str(step.data.get("until", "")),
    }
