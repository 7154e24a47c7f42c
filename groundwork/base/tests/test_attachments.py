"""Files come in by what they are."""

import errno
import io
import struct
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError
from PIL import Image
from pillow_heif import from_pillow

from groundwork.base import attachments, clock
from groundwork.base.actor import system

pytestmark = pytest.mark.django_db
BY = system("tests")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(**save) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3000, 1000), "teal").save(out, "JPEG", **save)
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_a_picture_is_drawn_anew_without_its_exif():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    kept = attachments.store(picture(exif=exif), name="大会.jpg", by=BY)
    assert (kept.name, kept.media_type) == ("大会.webp", "image/webp")
    content = attachments.read(kept)
    assert b"Secret Camera" not in content
    with Image.open(io.BytesIO(content)) as again:
        assert max(again.size) == 1600
        assert not again.getexif()


def test_the_content_decides_not_the_name():
    kept = attachments.store(b"%PDF-1.7 ...", name="讲稿.exe", by=BY)
    assert kept.name == "讲稿.pdf"
    for content in (
        b"MZ\x90\x00",
        b"<script>alert(1)</script>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        with pytest.raises(attachments.WrongType):
            attachments.store(content, name="讲稿.pdf", by=BY)


def test_a_file_over_the_limit_is_refused_with_its_size():
    with pytest.raises(attachments.TooBig) as refused:
        attachments.store(b"%PDF-" + b"x" * 3_000_000, name="a.pdf", by=BY, most=1_000_000)
    assert refused.value.params["megabytes"] == 2.9


def test_an_archive_is_measured_by_unpacking_it_and_not_by_its_word():
    bomb = archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"\x00" * 2_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(attachments.Bomb):
        attachments.measure_archive(bomb, most=1_000_000)
    # The same archive claiming to hold ten bytes: the declared size lies, the unpacked one not.
    lying = bomb.replace(struct.pack("<L", 2_000_000), struct.pack("<L", 10))
    with pytest.raises((attachments.Bomb, attachments.Broken)):
        attachments.measure_archive(lying, most=1_000_000)
    assert attachments.measure_archive(bomb) == 2_000_001


def test_a_broken_picture_or_archive_is_a_sentence_and_not_a_crash():
    with pytest.raises(attachments.Broken):
        attachments.store(picture()[:200], name="a.jpg", by=BY)
    cut = archive({"[Content_Types].xml": b"x", "xl/a.xml": b"abc" * 1000})
    with pytest.raises(attachments.Broken):
        attachments.measure_archive(cut[:50] + b"\x00" * 40 + cut[90:])


def test_erasing_keeps_the_row_and_shared_bytes_until_the_last_one():
    one, two = (attachments.store(b"%PDF-1", name="a.pdf", by=BY) for _ in range(2))
    path = one.file.name
    attachments.erase_content(one)
    assert attachments.read(two) == b"%PDF-1"
    attachments.erase_content(two)
    assert not attachments.default_storage.exists(path)
    assert two.sha256


class CutShort(ContentFile):  # type: ignore[type-arg]
    """A file for whose second half there is no room."""

    def chunks(self, chunk_size=None):
        yield self.read()[:20]
        raise OSError(errno.ENOSPC, "no room")


@pytest.mark.once
def test_of_a_file_that_a_full_disk_cut_short_nothing_stays(monkeypatch, tmp_path):
    monkeypatch.setattr(attachments, "default_storage", FileSystemStorage(tmp_path))
    content = b"%PDF-" + b"x" * 40
    with monkeypatch.context() as full:
        full.setattr(attachments, "ContentFile", CutShort)
        with pytest.raises(OSError, match="no room"):
            attachments.store(content, name="a.pdf", by=BY)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    path = tmp_path / attachments.store(content, name="a.pdf", by=BY).file.name
    assert path.read_bytes() == content
    # What was torn off without a word, as by a power cut, is written anew as well.
    path.write_bytes(content[:20])
    assert attachments.store(content, name="b.pdf", by=BY).file.name == str(
        path.relative_to(tmp_path)
    )
    assert path.read_bytes() == content


@pytest.mark.once
def test_a_phones_heic_photo_is_drawn_anew_upright_without_the_place_it_was_taken_at():
    taken, exif = Image.new("RGB", (2400, 1200), "teal"), Image.Exif()
    exif[0x010F], exif[0x0112] = "Secret Camera", 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (29.0, 52.0, 30.0)  # the latitude
    out = io.BytesIO()
    from_pillow(taken).save(out, quality=60, exif=exif.tobytes())
    assert attachments.sniff(out.getvalue()) == attachments.HEIC
    kept = attachments.store(out.getvalue(), name="IMG_0001.HEIC", by=BY)
    assert kept.media_type == "image/webp"
    content = attachments.read(kept)
    assert b"Secret" not in content
    with Image.open(io.BytesIO(content)) as again:
        assert max(again.size) == 1600
        assert not again.getexif()
    with pytest.raises(attachments.Broken):
        attachments.store(out.getvalue()[:400], name="a.heic", by=BY)


def test_a_picture_that_unfolds_into_a_wall_is_refused():
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    with pytest.raises(attachments.Bomb):
        attachments.store(out.getvalue(), name="a.png", by=BY)


def test_a_file_whose_row_failed_is_swept_after_a_day_and_no_other(monkeypatch):
    later = clock.now() + timedelta(days=2)
    attachments.sweep(at=later)  # what other tests left
    kept = attachments.store(b"a notice", name="a.txt", by=BY)

    def refuse(**_fields):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(attachments.Attachment.objects, "create", refuse)
        for content in (b"lost", b"sent again"):
            with pytest.raises(DatabaseError):
                attachments.store(content, name="b.txt", by=BY)
    assert attachments.sweep() == 0  # their rows might be on their way
    again = attachments.store(b"sent again", name="b.txt", by=BY)
    assert attachments.sweep(at=later) == 1
    assert [attachments.read(one) for one in (kept, again)] == [b"a notice", b"sent again"]


def test_a_file_of_nobody_that_is_sent_again_is_young():
    path = f"{attachments.FOLDER}/2026/11/same.txt"
    default_storage.save(path, ContentFile(b"again"))
    before = default_storage.get_modified_time(path)
    attachments._written(path, b"again")  # its row is still to come
    assert default_storage.get_modified_time(path) > before
