"""Draw a few photos for the demo city: plainly drawn, so that nobody takes them for real ones."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from groundwork.base import attachments
from groundwork.base.actor import Actor
from groundwork.base.models import Attachment

SIZE = (960, 720)
SKIES = ("#b8cfe0", "#d9dfe4", "#8fa3b5", "#2f3a4a")


def draw_photos(n: int, *, by: Actor, at: datetime, rng: Random) -> list[Attachment]:
    """Draw street scenes with a puddle, a dark lamp or a full bin, and keep them as uploads."""
    return [
        attachments.store(
            _scene(kind % 3, rng), name=f"现场{kind + 1}.jpg", by=by, at=at,
            allowed=attachments.IMAGES,
        )
        for kind in range(n)
    ]  # fmt: skip


def _scene(kind: int, rng: Random) -> bytes:
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    pen = ImageDraw.Draw(picture)
    for left in range(0, SIZE[0], 160):
        top = rng.randrange(120, 330)
        pen.rectangle(
            (left, top, left + 150, 470), fill=rng.choice(("#9a8f83", "#b5aca0", "#7d8791"))
        )
        for x in range(left + 16, left + 130, 42):
            for y in range(top + 18, 440, 54):
                pen.rectangle((x, y, x + 20, y + 28), fill=rng.choice(("#e9d9a6", "#56616c")))
    pen.rectangle((0, 470, *SIZE), fill="#6a6d70")
    pen.rectangle((0, 470, SIZE[0], 500), fill="#a9a59c")
    (_puddle, _lamp, _bin)[kind](pen, rng)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _puddle(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    x = rng.randrange(180, 480)
    pen.ellipse((x, 560, x + 320, 660), fill="#3f4a52")
    pen.ellipse((x + 40, 575, x + 280, 640), fill="#8ea3b3")


def _lamp(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    x = rng.randrange(200, 760)
    pen.rectangle((x, 150, x + 12, 560), fill="#3c3f42")
    pen.arc((x - 80, 120, x + 12, 200), 270, 360, fill="#3c3f42", width=10)
    pen.ellipse((x - 70, 126, x - 20, 156), fill="#2b2d2f")


def _bin(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    for n, color in enumerate(("#2f6b46", "#34597d", "#6b6f73")):
        x = 240 + n * 170
        pen.rectangle((x, 470, x + 120, 630), fill=color)
        pen.polygon(
            ((x - 10, 470), (x + 60, 400 - rng.randrange(30)), (x + 130, 470)), fill="#d8d4c8"
        )
