"""Stored files: small enough, of a kind known by content, images drawn anew without EXIF.

A file's name and its browser's word say nothing; the first bytes do. Archives (all of Office's
formats) are measured by unpacking them, never by what they declare.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.models import Attachment
from groundwork.base.text import tidy

FOLDER = "attachments"
YOUNG = timedelta(days=1)
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024  # 28,000 rows of 11 columns unpack to about 20 MB
MOST_PARTS = 5000  # files inside one archive
LONGEST_SIDE = 1600  # pixels; enough for a page read on a wall screen
SMALL_SIDE = 240  # a thumbnail of 120 CSS pixels on a phone's screen
MOST_PIXELS = 64_000_000  # phones advertise 48 and 50 megapixels

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WEBP, HEIC, TEXT = "image/webp", "image/heic", "text/plain"
MP3, MP4 = "audio/mpeg", "video/mp4"
OLD_OFFICE = "application/x-ole-storage"  # xls, doc, and every encrypted xlsx
EXTENSIONS = {PDF: "pdf", XLSX: "xlsx", DOCX: "docx", PPTX: "pptx", WEBP: "webp", TEXT: "txt"}
EXTENSIONS |= {MP3: "mp3", MP4: "mp4"}
IMAGES = ("image/png", "image/jpeg", WEBP, HEIC)  # HEIC is what iPhones send
MATERIALS = (PDF, DOCX, PPTX, XLSX, TEXT, MP3, MP4, *IMAGES)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OFFICE_PARTS = {"xl/": XLSX, "word/": DOCX, "ppt/": PPTX}


class TooBig(RuleBroken):
    """Refuse a file over the limit."""

    code = "attachment.too_big"
    text = N_("文件有 %(megabytes)s MB，最多 %(most)s MB。")


class WrongType(RuleBroken):
    """Refuse a file whose content is none of the allowed kinds."""

    code = "attachment.wrong_type"
    text = N_("这个文件的内容不是可以接收的类型，只看扩展名不算。")


class Bomb(RuleBroken):
    """Refuse an archive or picture that unpacks beyond reason."""

    code = "attachment.bomb"
    text = N_("文件展开后过大（超过 %(most)s MB），没有收下。")


class Broken(RuleBroken):
    """Refuse a file that cannot be read to its end."""

    code = "attachment.broken"
    text = N_("文件已损坏，打不开。请在原来的软件里另存一份再上传。")


def store(
    content: bytes,
    *,
    name: str,
    by: Actor,
    at: datetime | None = None,
    allowed: Collection[str] = MATERIALS,
    most: int = MOST_BYTES,
) -> Attachment:
    """Check and keep a file. Raises TooBig, WrongType, Bomb or Broken; then nothing is kept."""
    if len(content) > most:
        raise TooBig(megabytes=round(len(content) / 2**20, 1), most=most // 2**20)
    media_type = sniff(content)
    if media_type not in allowed:
        raise WrongType
    if media_type in _OFFICE_PARTS.values():
        measure_archive(content)
    if media_type in IMAGES:
        content, media_type = redraw(content), WEBP
    at = at or clock.now()
    digest = hashlib.sha256(content).hexdigest()
    path = f"{FOLDER}/{at:%Y/%m}/{digest}.{EXTENSIONS[media_type]}"
    path = _written(path, content)
    return Attachment.objects.create(
        name=_clean_name(name, media_type),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        file=path,
        created_at=at,
        account_id=by.account_id,
    )


def _written(path: str, content: bytes) -> str:
    """Write the bytes unless they stand; of a file that a full disk cut short nothing stays."""
    if default_storage.exists(path):
        whole = default_storage.size(path) == len(content)
        if whole and Attachment.objects.filter(file=path).exists():
            return path
        default_storage.delete(path)  # cut short, or nobody's: written anew it is young to `sweep`
    try:
        return default_storage.save(path, ContentFile(content))
    except OSError:
        default_storage.delete(path)
        raise


def read(attachment: Attachment) -> bytes:
    """Give a stored file's bytes."""
    with attachment.file.open("rb") as file:
        return bytes(file.read())


def erase_content(attachment: Attachment) -> None:
    """Drop the bytes and keep the row (name, size, digest) as the tombstone."""
    if not attachment.file:
        return
    path = attachment.file.name
    attachment.file = ""
    attachment.save(update_fields=["file"])
    # Two uploads of the same bytes share one file.
    if path and not Attachment.objects.filter(file=path).exists():
        default_storage.delete(path)


def sweep(*, at: datetime | None = None) -> int:
    """Delete files that no row knows, of a write that failed after its bytes; give how many.

    Those of the last day are let be: their row may be on its way.
    """
    before = (at or clock.now()) - YOUNG
    swept = 0
    for folder in _folders(FOLDER):
        paths = sorted(f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
        for start in range(0, len(paths), 500):
            some = paths[start : start + 500]
            known = set(Attachment.objects.filter(file__in=some).values_list("file", flat=True))
            for path in some:
                if path not in known and default_storage.get_modified_time(path) < before:
                    default_storage.delete(path)
                    swept += 1
    return swept


def _folders(top: str) -> Iterator[str]:
    """Name the folder and those below it, where there are any."""
    if not default_storage.exists(top):
        return
    yield top
    for name in sorted(default_storage.listdir(top)[0]):
        yield from _folders(f"{top}/{name}")


def sniff(content: bytes) -> str:
    """Tell the media type from the content; "" for what is not known here."""
    head = content[:16]
    signs = {
        b"%PDF-": PDF,
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD_OFFICE,
        b"ID3": MP3,
        b"\xff\xfb": MP3,
        b"\xff\xf3": MP3,
    }
    for sign, media_type in signs.items():
        if head.startswith(sign):
            return media_type
    if head.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return HEIC if content[8:12] in _HEIC_BRANDS else MP4
    if head.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return TEXT if _is_text(content) else ""


def _office_type(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    for part, media_type in _OFFICE_PARTS.items():
        if any(name.startswith(part) for name in names):
            return media_type
    return ""


def _is_text(content: bytes) -> bool:
    if b"\x00" in content[:4096] or content.lstrip()[:1] == b"<":  # no HTML, SVG or scripts
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def measure_archive(content: bytes, most: int = MOST_UNPACKED) -> int:
    """Unpack an archive piece by piece and give its true size. Raises Bomb or Broken.

    The declared sizes are looked at first, because that is free; they may lie, so every part is
    then unpacked without being kept.
    """
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
                raise Bomb(most=most // 2**20)
            for part in parts:
                with archive.open(part) as stream:
                    while piece := stream.read(1 << 18):
                        total += len(piece)
                        if total > most:
                            raise Bomb(most=most // 2**20)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        # RuntimeError: a part with a password; NotImplementedError is one too.
        raise Broken from error
    return total


def redraw(content: bytes) -> bytes:
    """Draw a picture anew: upright, at most 1600 px, WebP, without EXIF or any other baggage."""
    register_heif_opener()
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Bomb(most=MOST_UNPACKED // 2**20)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            picture = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Broken from error
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82)
    return out.getvalue()


def small(content: bytes) -> bytes:
    """Draw a stored picture so small that a list of them loads on a bad line."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=75)
    return out.getvalue()


def _clean_name(name: str, media_type: str) -> str:
    stem = PurePath(tidy(name).replace("\\", "/")).stem[:150] or "file"
    return f"{stem}.{EXTENSIONS[media_type]}"
