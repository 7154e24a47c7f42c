"""Tell people: into the inbox at once, out of the house as each wishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from groundwork.access import policy
from groundwork.access.actions import vendors
from groundwork.access.models import Account, Notice, NoticeSettings
from groundwork.access.queries.notices import settings_of
from groundwork.access.rules import notices as rules
from groundwork.base import clock, outbox, trail
from groundwork.base.actor import Actor
from groundwork.base.dates import day_text, moment_text
from groundwork.base.errors import Forbidden
from groundwork.registry.models import Person

Mail = NoticeSettings.Mail
CHUNK = 900  # ids in one statement


@dataclass(frozen=True)
class Message:
    """What to tell; `key` makes it one notice per account however often it is sent.

    `text` is a sentence of the main language, marked N_("…") where it is a constant, with places
    for `params`; it is said and stored in each reader's own language, days and moments too.
    """

    kind: str
    key: str
    text: str
    url: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def said(self, locale: str) -> str:
        """Say the sentence in a language."""
        with translation.override(locale or settings.LANGUAGE_CODE):
            text = gettext(self.text)
            said = {name: _written(value) for name, value in self.params.items()}
        return (text % said if said else text)[:300]


def _written(value: object) -> object:
    """Write a day or a moment as the reader does; whatever else is as it was given."""
    if isinstance(value, datetime):
        return moment_text(value)
    return day_text(value) if isinstance(value, date) else value


@transaction.atomic
def notify(
    to: Iterable[Account | Person | int],
    *,
    kind: str,
    key: str,
    text: str,
    url: str = "",
    params: Mapping[str, object] | None = None,
    by: Actor | None = None,
    at: datetime | None = None,
) -> int:
    """Tell accounts (or people, or account ids) one thing; return how many had not been told.

    Put into the inbox now; e-mail and messenger follow by each one's settings through the outbox.
    """
    message = Message(kind=kind, key=key, text=text, url=url, params=params or {})
    return notify_many([(one, message) for one in to], by=by, at=at)


@transaction.atomic
def notify_many(
    told: Sequence[tuple[Account | Person | int, Message]],
    *,
    by: Actor | None = None,
    at: datetime | None = None,
) -> int:
    """Tell many accounts each their own message, in a handful of statements.

    `by` leaves no trace of its own: what it did that there is something to tell is in the trail.
    """
    at = at or clock.now()
    accounts = _accounts_of([one for one, _message in told])
    locales = _locales(accounts.values())
    said: dict[tuple[int, str], str] = {}  # one sentence for thousands is made once a language
    rows = []
    for one, message in told:
        account = accounts.get(_key(one))
        if account is None or account not in locales:
            continue
        spoken = (id(message), locales[account])
        if spoken not in said:
            said[spoken] = message.said(locales[account])
        rows.append(
            Notice(
                account_id=account,
                kind=message.kind,
                key=message.key,
                text=said[spoken],
                url=message.url,
                created_at=at,
            )
        )
    rows = _not_yet_told(rows)
    Notice.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    _leave(rows, at)
    return len(rows)


def _key(one: Account | Person | int) -> tuple[str, int]:
    if isinstance(one, Person):
        return ("person", one.pk)
    return ("account", one.pk if isinstance(one, Account) else one)


def _accounts_of(to: Sequence[Account | Person | int]) -> dict[tuple[str, int], int]:
    """Map everybody told to the id of their account; people without one are not reached."""
    people = list({one.pk for one in to if isinstance(one, Person)})
    found = {("account", _key(one)[1]): _key(one)[1] for one in to if not isinstance(one, Person)}
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        pairs = Account.objects.filter(person__in=chunk).values_list("person_id", "pk")
        found |= {("person", person): account for person, account in pairs}
    return found


def _locales(accounts: Iterable[int]) -> dict[int, str]:
    """Read the language of every account that is open."""
    ids = list(set(accounts))
    found: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = Account.objects.filter(pk__in=ids[start : start + CHUNK], is_active=True)
        found |= dict(chunk.values_list("pk", "locale"))
    return found


def _not_yet_told(rows: list[Notice]) -> list[Notice]:
    told: set[tuple[int, str]] = set()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        known = Notice.objects.filter(
            account__in=[row.account_id for row in chunk], key__in={row.key for row in chunk}
        )
        told |= set(known.values_list("account_id", "key"))
    fresh: dict[tuple[int, str], Notice] = {}
    for row in rows:
        if (row.account_id, row.key) not in told:
            fresh.setdefault((row.account_id, row.key), row)
    return list(fresh.values())


def _leave(rows: list[Notice], at: datetime) -> None:
    """Put one outbox message per account and channel; what is waiting by then goes with it."""
    ids = sorted({row.account_id for row in rows})
    letters: list[tuple[int, str, datetime]] = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        chosen = {row.account_id: row for row in NoticeSettings.objects.filter(account__in=chunk)}
        mailed = set(
            Account.objects.filter(pk__in=chunk).exclude(email="").values_list("pk", flat=True)
        )
        for pk in chunk:
            wish = chosen.get(pk) or NoticeSettings(account_id=pk)
            letters += _letters(wish, at, has_mail=pk in mailed)
    by_due: dict[datetime, list[tuple[str, str, outbox.Payload]]] = {}
    for pk, channel, due in letters:
        entry = _entry(pk, channel, due)
        by_due.setdefault(due, []).append(entry)
    for due, entries in by_due.items():
        outbox.put_many(entries, due=due)


def _letters(
    wish: NoticeSettings, at: datetime, *, has_mail: bool
) -> list[tuple[int, str, datetime]]:
    local = at.astimezone(clock.ZONE)
    now = rules.after_quiet(local, wish.quiet_from, wish.quiet_to)
    out = []
    if has_mail and wish.mail == Mail.EACH:
        out.append((wish.account_id, "mail", now))
    elif has_mail and wish.mail == Mail.DIGEST:
        out.append(
            (wish.account_id, "mail", rules.next_digest(local, wish.quiet_from, wish.quiet_to))
        )
    if wish.vendor and vendors.vendors():
        out.append((wish.account_id, "message", now))
    return out


def _entry(account_id: int, channel: str, due: datetime) -> tuple[str, str, outbox.Payload]:
    key = f"notices.{channel}:{account_id}:{due.isoformat()}"
    return (f"access.{channel}", key, {"account": account_id})


@outbox.handler("access.mail")
def send_mail(payload: outbox.Payload) -> None:
    """Send one letter with everything not yet mailed to an account."""
    _send(payload["account"], "mail")


@outbox.handler("access.message")
def send_message(payload: outbox.Payload) -> None:
    """Send one message with everything not yet messaged to an account."""
    _send(payload["account"], "message")


def _send(account_id: int, channel: str) -> None:
    at = clock.now()
    sent_at = {"mail": "mailed_at", "message": "messaged_at"}[channel]
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    wish = settings_of(account_id)
    wanted = wish.mail != Mail.NEVER if channel == "mail" else wish.vendor
    if account is None or not wanted:
        return
    later = _later(account, wish, sent_at, at)
    if later is not None:
        outbox.put_many([_entry(account_id, channel, later)], due=later)
        return
    # Read ones need no letter any more; they are marked with it all the same.
    waiting = list(Notice.objects.filter(account=account, **{sent_at: None}).order_by("id"))
    unread = [notice for notice in waiting if notice.read_at is None]
    if unread:
        with translation.override(account.locale or settings.LANGUAGE_CODE):
            (_mail if channel == "mail" else _message)(account, unread)
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(**{sent_at: at})


def _later(account: Account, wish: NoticeSettings, sent_at: str, at: datetime) -> datetime | None:
    """Tell until when a letter must wait: quiet hours, or enough of them within the hour."""
    local = at.astimezone(clock.ZONE)
    if rules.in_quiet(local, wish.quiet_from, wish.quiet_to):
        return rules.after_quiet(local, wish.quiet_from, wish.quiet_to)
    letters = (
        Notice.objects.filter(account=account, **{f"{sent_at}__gt": at - rules.FLOOD_WINDOW})
        .values_list(sent_at, flat=True)
        .distinct()
        .order_by(sent_at)
    )
    sent = list(letters)
    return sent[-rules.FLOOD] + rules.FLOOD_WINDOW if len(sent) >= rules.FLOOD else None


def _address(url: str) -> str:
    return settings.PUBLIC_URL + url if url.startswith("/") else url


def _mail(account: Account, notices: list[Notice]) -> None:
    if not account.email:
        return
    count = len(notices)
    subject = (
        notices[0].text
        if count == 1
        else ngettext("地气：%(count)s 条通知", "地气：%(count)s 条通知", count) % {"count": count}
    )
    lines = [
        "\n".join(
            part for part in (notice.text, _address(notice.url) if notice.url else "") if part
        )
        for notice in notices
    ]
    lines.append(gettext("不想收邮件：") + _address("/access/me/notices/"))
    letter = EmailMessage(subject[:120], "\n\n".join(lines), to=[account.email])
    letter.send()


def _message(account: Account, notices: list[Notice]) -> None:
    count = len(notices)
    if count == 1:
        text, url = notices[0].text, _address(notices[0].url or "/access/notices/")
    else:
        text = ngettext("您有 %(count)s 条新通知", "您有 %(count)s 条新通知", count) % {
            "count": count
        }
        url = _address("/access/notices/")
    for vendor in vendors.vendors():
        vendor.send(account, text, url)


# ---- the reader's side -----------------------------------------------------------------------
def mark_read(notice: Notice, *, by: Actor, at: datetime | None = None) -> None:
    """Mark one notice of the own inbox as read."""
    policy.visible_notices(by).filter(pk=notice.pk, read_at=None).update(read_at=at or clock.now())


def mark_all_read(*, by: Actor, at: datetime | None = None) -> int:
    """Mark the whole inbox as read."""
    return policy.visible_notices(by).filter(read_at=None).update(read_at=at or clock.now())


@transaction.atomic
def choose_notices(
    account_id: int,
    *,
    email: str,
    mail: str,
    vendor: bool,
    quiet_from: time,
    quiet_to: time,
    by: Actor,
    at: datetime | None = None,
) -> None:
    """Keep how an account wants to be told. Raises Forbidden for another's."""
    if account_id != by.account_id:
        raise Forbidden
    Account.objects.filter(pk=account_id).update(email=email)
    NoticeSettings.objects.update_or_create(
        account_id=account_id,
        defaults={
            "mail": Mail(mail),
            "vendor": vendor,
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
        },
    )
    trail.record(by, "choose_notices", "account", str(account_id), ["email", "mail"], at=at)
