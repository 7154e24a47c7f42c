"""What the tests of the doors send, and how they read the answer."""

import io
from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from PIL import Image
from pillow_heif import from_pillow

from groundwork.base import clock
from groundwork.matters.models import Category
from groundwork.matters.policy import raiser_by_secret
from groundwork.web.declared import all_declared, opened_token

RAISE = "/matters/raise/"
WORDS = "广场舞音响太吵，夜里十点还在跳，孩子没法睡。"


def opened(at, form="matters.raise", ago=timedelta(minutes=1)):
    """Sign that the form of this key was opened a minute before `at`."""
    reverse("matters:raise")  # loads the pages, and so what they declare
    declaration = next(row for row in all_declared() if row.key == form)
    with clock.at(at - ago):
        return opened_token(declaration)


def sending(cast, at, **more):
    """Give what a filled form sends at its last step."""
    values = {
        "step": "3",
        "go": "next",
        "client_key": str(uuid4()),
        "place": cast.places["chenglang"].public_id,
        "words": WORDS,
        "kind": "help",
        "category": Category.objects.get(code="noise").public_id,
        "_opened": opened(at),
    }
    return values | more


def followed(response):
    """Give the raiser whose receipt an answer leads to."""
    assert response.status_code == 302, response.content.decode()
    return raiser_by_secret(response["Location"].rstrip("/").rpartition("/")[2])


def heic() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    from_pillow(Image.new("RGB", (1600, 1200), "teal")).save(out, exif=exif.tobytes())
    return out.getvalue()


def file_of(content: bytes, name: str = "IMG_沈家阳台.HEIC"):
    found = io.BytesIO(content)
    found.name = name
    return found
