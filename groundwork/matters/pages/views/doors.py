"""What the doors share: the browser's id, photos on their way, counting, the receipt."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse

from groundwork.base.errors import GroundworkError
from groundwork.base.faults import in_words
from groundwork.base.http import Request
from groundwork.base.models import Attachment
from groundwork.matters.actions.knocking import (
    Sender,
    TooManyPhotos,
    count_knock,
    keep_photo,
    loose_photos,
)
from groundwork.matters.rules import intake
from groundwork.web.errors import say

COOKIE, SALT, PHOTO_SALT = "gw_door", "matters.door", "matters.photo"
DAY = 86_400
NO_COOKIE = "-"  # browsers that bring none are one browser to each address


def sender_of(request: Request) -> Sender:
    """Tell where a request comes from."""
    address = request.META.get("REMOTE_ADDR", "")
    browser = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DAY)
    return Sender(browser or f"{NO_COOKIE}{address}", address)


def name_browser(request: Request, response: HttpResponse) -> HttpResponse:
    """Give a browser a random name for a day; it says nothing about anybody."""
    if not request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DAY):
        response.set_signed_cookie(
            COOKIE,
            secrets.token_hex(8),
            salt=SALT,
            max_age=DAY,
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
    return response


def photo_token(photo: Attachment) -> str:
    """Sign the id of a photo that travels in a form."""
    return signing.dumps(photo.public_id, salt=PHOTO_SALT)


def photo_of(token: str) -> Attachment | None:
    """Give the loose photo of a token that is younger than a day."""
    return next(iter(carried_photos([token])), None)


def carried_photos(tokens: Sequence[str]) -> list[Attachment]:
    """Give the photos that a form carries; forged and stale tokens are left out."""
    ids = []
    for token in tokens[: 2 * intake.MOST_PHOTOS]:
        try:
            ids.append(str(signing.loads(token, salt=PHOTO_SALT, max_age=DAY)))
        except signing.BadSignature:
            continue
    return loose_photos(ids) if ids else []


def take_photos(
    request: Request, *, counted: bool, at: datetime
) -> tuple[list[Attachment], list[str]]:
    """Keep the photos of a form, those it carries and those that came now; say what was refused.

    One bad picture takes none of the others along.
    """
    dropped = request.POST.get("drop", "")
    tokens = [token for token in request.POST.getlist("photo") if token != dropped]
    kept, faults = carried_photos(tokens), []
    for file in request.FILES.getlist("photos"):
        try:
            if len(kept) >= intake.MOST_PHOTOS:
                raise TooManyPhotos(most=intake.MOST_PHOTOS)
            with in_words():
                if counted:
                    count_knock("photo", sender_of(request), at=at)
                kept.append(keep_photo(_content(file), by=request.actor, at=at))
        except GroundworkError as error:
            faults.append(_fault(file, error))
            if isinstance(error, TooManyPhotos):
                break
    return kept, faults


def _content(file: UploadedFile[Any]) -> bytes:
    return bytes(file.read())


def _fault(file: UploadedFile[Any], error: GroundworkError) -> str:
    return f"{(file.name or '')[:60]}：{say(error)}"


def receipt_url(secret: str) -> str:
    """Give the address of a receipt."""
    return reverse("matters:receipt", args=[secret])


def absolute(path: str) -> str:
    """Make the address that is written down and drawn as a QR code."""
    return f"{settings.PUBLIC_URL}{path}"
