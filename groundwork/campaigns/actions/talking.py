"""What people say in a discussion: contribute, settle, take back; what becomes a matter of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from groundwork.base import attachments, clock, trail
from groundwork.base.actor import NOBODY, Actor
from groundwork.base.errors import N_, Forbidden, NotFound
from groundwork.base.models import Attachment
from groundwork.base.recordings import blanked
from groundwork.base.rows import known_or_made
from groundwork.campaigns.actions.counting import note_said
from groundwork.campaigns.actions.discussion import KIND as CAMPAIGN
from groundwork.campaigns.actions.discussion import check_allowed
from groundwork.campaigns.actions.telling import tell
from groundwork.campaigns.models import Adoption, Campaign, Contribution, Gathering
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.rules import discussion as rules
from groundwork.campaigns.rules.inquiry import check_link
from groundwork.matters.actions.raising import Receipt, Teller, Telling, put_matter
from groundwork.matters.actions.steps import BY_RAISER
from groundwork.matters.models import Category, Door, Kind
from groundwork.matters.rules.words import masked
from groundwork.registry.models import Body
from groundwork.service.policy.points import kept_units
from groundwork.service.policy.visits import visible_visits
from groundwork.study.policy.evening import visible_evenings

WORD, ADOPTION = "campaigns.word", "campaigns.adoption"
RECORDINGS = (attachments.MP3, attachments.MP4)
RECORDING = "recording"
SHOWN = N_("您在《%(campaign)s》里的发言已展示。")
REFUSED = N_("您在《%(campaign)s》里的发言没有展示，理由请看发言页，改好可以再发。")
TAKEN = N_("您在《%(campaign)s》里的意见建议已转办，答复会到“我提出的”里。")
ADOPTED = N_("%(body)s照着“%(title)s”做了。")


@dataclass(frozen=True)
class Word:
    """What is said: of which kind, in a unit's name or one's own, signed or not."""

    kind: str
    text: str
    question: str = ""  # its public id
    title: str = ""
    url: str = ""
    body: Body | None = None
    named: bool = True
    recording: bytes = b""  # MP3 or MP4
    client_key: str = ""


def contribute(
    public_id: str, word: Word, *, by: Actor, at: datetime | None = None
) -> Contribution:
    """Say something; it is shown once a keeper has read it. A known key gives the first one again.

    Also where both come at once. Raises Forbidden for who takes no part, NotAllowedNow, FewWords,
    BadLink, Conflict for a key that is somebody else's.
    """
    at = at or clock.now()
    campaign = policy.campaign_for(by, public_id)
    return known_or_made(lambda: _known(word, by), lambda: _contribute(campaign, word, by, at))


def _known(word: Word, by: Actor) -> Contribution | None:
    if not word.client_key:
        return None
    rows = Contribution.objects.filter(client_key=word.client_key[:40], person=by.person_id)
    return rows.first()


def _contribute(campaign: Campaign, word: Word, by: Actor, at: datetime) -> Contribution:
    check_allowed(campaign, word.kind, at)  # type: ignore[arg-type]
    if word.body is not None:
        policy.require_unit(by, campaign, word.body)
    elif not policy.takes_part(by, campaign) or word.kind == Contribution.Kind.PRACTICE:
        raise Forbidden
    opinion = word.kind == Contribution.Kind.OPINION
    made = Contribution.objects.create(
        campaign=campaign,
        question=policy.question_of(campaign, word.question) if opinion else None,
        kind=word.kind,
        person_id=by.person_id,
        body=word.body,
        named=word.named or word.body is not None,
        client_key=word.client_key[:40] or None,
        said_at=at,
        account_id=by.account_id,
        recording=_kept(word, at),
        **_cleaned(word),
    )
    trail.record(by, "say", WORD, made.public_id, at=at)
    return made


def _kept(word: Word, at: datetime) -> Attachment | None:
    """Keep a recording without what the phone wrote into it, and without whose it is."""
    if not word.recording:
        return None
    return attachments.store(
        blanked(word.recording), name=RECORDING, by=NOBODY, at=at, allowed=RECORDINGS
    )


def _drop_recording(word: Contribution) -> None:
    if word.recording is not None:
        attachments.erase_content(word.recording)
        word.recording = None


def _cleaned(word: Word) -> dict[str, str]:
    practice = word.kind == Contribution.Kind.PRACTICE
    return {
        "text": masked(rules.clean_words(word.text)),
        "title": rules.clean_words(word.title, least=2, most=80) if practice else "",
        "url": check_link(word.url) if word.url.strip() else "",
    }


@transaction.atomic
def rewrite(word_id: str, word: Word, *, by: Actor, at: datetime | None = None) -> Contribution:
    """Write one's own words anew before they are shown; they wait again. Raises WrongWord.

    A recording sent along takes the place of the one before.
    """
    at = at or clock.now()
    found = policy.word_for(by, word_id, "own", lock=True)
    check_allowed(found.campaign, found.kind, at)  # type: ignore[arg-type]
    found.state = rules.word_step(found.state, "rewrite")
    fields = _cleaned(word)
    for name, value in fields.items():
        setattr(found, name, value)
    found.reason = ""
    if word.recording:
        _drop_recording(found)
        found.recording = _kept(word, at)
    return _saved(found, "rewrite", [*fields, "recording", "reason"], by, at)


def _saved(
    word: Contribution, verb: str, fields: list[str], by: Actor, at: datetime
) -> Contribution:
    word.save(update_fields=["state", *fields])
    note_said(word, at=at)
    trail.record(by, verb, WORD, word.public_id, ["state", *fields], at=at)
    return word


@transaction.atomic
def settle_word(
    word_id: str,
    verb: rules.WordVerb,
    reason: str = "",
    *,
    seen: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Contribution:
    """Show what somebody said, or refuse it with a reason its author reads.

    `seen`: the digest of the words as the keeper read them; what was rewritten meanwhile is
    WrongWord, for nobody shows what nobody read. Raises WrongWord, FewWords.
    """
    at = at or clock.now()
    found = policy.word_for(by, word_id, "settle", lock=True)
    if verb not in ("show", "refuse") or (seen is not None and seen != found.digest):
        raise rules.WrongWord
    found.state = rules.word_step(found.state, verb)
    found.reason = ""
    if verb == "refuse":
        found.reason = rules.clean_words(reason, least=rules.SHORTEST_REASON, most=300)
    found.settled_by = by.account_id
    _saved(found, verb, ["reason", "settled_by"], by, at)
    _tell_author(found, verb, SHOWN if verb == "show" else REFUSED, at)
    return found


def _tell_author(word: Contribution, what: str, text: str, at: datetime) -> None:
    if word.person is None:
        return
    url = reverse("campaigns:word", args=[word.public_id])
    key = f"{word.public_id}:{what}:{at.timestamp():.0f}"
    tell([word.person], WORD, key, text, url, at=at, campaign=word.campaign.title)


@transaction.atomic
def withdraw_word(word_id: str, *, by: Actor, at: datetime | None = None) -> Contribution:
    """Take one's own words back; they are gone. What became a matter is taken back there."""
    at = at or clock.now()
    found = policy.word_for(by, word_id, "own", lock=True)
    found.state = rules.word_step(found.state, "withdraw")
    found.text, found.url, found.reason = "", "", ""
    _drop_recording(found)
    return _saved(found, "withdraw", ["text", "url", "recording", "reason"], by, at)


@transaction.atomic
def take_up(word_id: str, category: Category, *, by: Actor, at: datetime | None = None) -> Receipt:
    """Make a matter of a suggestion; its author is the raiser and gets the answer.

    Who did not sign stays unknown to everybody, the keeper and the dispatcher too: the form
    promised it. The answer finds them by their account. Raises NoSuggestion.
    """
    at = at or clock.now()
    word = policy.word_for(by, word_id, "settle", lock=True)
    kinds, states = Contribution.Kind, Contribution.State
    ready = word.kind == kinds.SUGGESTION and word.state != states.WITHDRAWN
    if not ready or word.matter_id is not None or word.campaign.body.place is None:
        raise rules.NoSuggestion
    telling = Telling(
        words=word.text,
        category=category,
        place=word.campaign.body.place,
        door=Door.CAMPAIGN,
        kind=Kind.SUGGESTION,
        source=(WORD, word.public_id),
        client_key=f"word:{word.public_id}",
    )
    signed = word.person.name if word.person else str(word.body or "")
    teller = Teller(
        name=signed if word.named else "",
        person=word.person,
        account_id=word.account_id,
        confidential=not word.named,
    )
    receipt = put_matter(telling, teller, BY_RAISER, at)
    word.matter = receipt.matter
    _saved(word, "take_up", ["matter"], by, at)
    _tell_author(word, "taken", TAKEN, at)
    return receipt


@transaction.atomic
def adopt(
    word_id: str, body: Body, words: str, *, by: Actor, at: datetime | None = None
) -> Adoption:
    """Say that a unit does as a practice says, and what it takes over; said again, it is put right.

    Raises NoSuggestion for what is no practice shown, Forbidden, NotOfCampaign.
    """
    at = at or clock.now()
    word = policy.word_for(by, word_id, lock=True)
    kinds, states = Contribution.Kind, Contribution.State
    if word.kind != kinds.PRACTICE or word.state != states.SHOWN or body == word.body:
        raise rules.WrongWord
    if not kept_units(by).filter(pk=body.pk).exists():
        raise Forbidden
    said: dict[str, object] = {"words": rules.clean_words(words, most=500)}
    said |= {"day": clock.day_of(at), "account_id": by.account_id}
    made, new = Adoption.objects.update_or_create(practice=word, body=body, defaults=said)
    trail.record(by, "adopt" if new else "rewrite", ADOPTION, made.public_id, list(said), at=at)
    if new:
        url = reverse("campaigns:word", args=[word.public_id])
        told = [word.person] if word.person else []
        named = {"body": str(body), "title": word.title}
        tell(told, ADOPTION, made.public_id, ADOPTED, url, at=at, **named)
    return made


@transaction.atomic
def add_gathering(
    public_id: str, kind: str, of_id: str, *, by: Actor, at: datetime | None = None
) -> Gathering:
    """Lay an evening of the night study or a visit beside the campaign as a talk or salon.

    It stays what it is where it is. Raises NotFound where the keeper does not see it,
    NotAllowedNow.
    """
    at = at or clock.now()
    campaign = policy.campaign_for(by, public_id, "keep", lock=True)
    check_allowed(campaign, "gather", at)
    rows = visible_evenings(by) if kind == "evening" else visible_visits(by)
    found = rows.filter(public_id=of_id).first()
    if found is None:
        raise NotFound
    what: dict[str, Any] = {kind: found}
    made, _new = Gathering.objects.get_or_create(campaign=campaign, **what)
    trail.record(by, "gather", CAMPAIGN, public_id, [kind], at=at)
    return made


@transaction.atomic
def drop_gathering(
    public_id: str, gathering_id: str, *, by: Actor, at: datetime | None = None
) -> None:
    """Take an evening or a visit off the campaign again; nothing happens to it."""
    campaign = policy.campaign_for(by, public_id, "keep", lock=True)
    if campaign.gatherings.filter(public_id=gathering_id).delete()[0]:
        trail.record(by, "ungather", CAMPAIGN, public_id, at=at or clock.now())
