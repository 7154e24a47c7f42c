"""Look how far a workbook's cells reach before a reader lays a table over them.

A reader makes one rectangle around all filled cells of a sheet: two cells, A1 and XFD1048576, in
five kilobytes ask it for 549 GB, and it ends the whole process where memory runs out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from groundwork.base.attachments import Broken, measure_archive
from groundwork.base.errors import N_, RuleBroken

PIECE = 1 << 18
_MARK = b"sheetData"  # every worksheet has it, whatever its file is called
_OTHER_FORMATS = ("mimetype", "content.xml", "workbook.bin")  # a reader would try ods and xlsb too
_PLACE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,20})")
_NUMBER = re.compile(r"[0-9]{1,20}")


class TooFar(RuleBroken):
    """Refuse a workbook whose cells lie too far apart."""

    code = "spreadsheet.too_far"
    text = N_(
        "表格里的内容一直到第 %(rows)s 行、第 %(columns)s 列，读不过来。请删去多余的行列再上传。"
    )


def measure_workbook(content: bytes, most: int) -> int:
    """Give how many cells the sheets of an xlsx span. Raises TooFar, Bomb or Broken.

    Every part that may be a worksheet is streamed, whatever the workbook says of it.
    """
    measure_archive(content)
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():  # not by name: two parts may have the same one
            if part.filename.lower().endswith(_OTHER_FORMATS):
                raise Broken
            if not _is_sheet(_pieces(archive, part)):
                continue
            reach = _Reach()
            reach.read(_pieces(archive, part))
            total += reach.rows * reach.columns
            if total > most:
                raise TooFar(rows=f"{reach.rows:,}", columns=f"{reach.columns:,}")
    return total


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        raise Broken from error


def _is_sheet(pieces: Iterator[bytes]) -> bool:
    tail = b""
    for piece in pieces:
        if _MARK in tail + piece:
            return True
        tail = piece[-len(_MARK) :]
    return False


class _Reach:
    """The last row and column that hold something, cells without an address counted on."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0  # where a cell without an address would stand
        self._cell: tuple[int, int] | None = None  # an opened cell, not yet known to be filled
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read one sheet. Raises Broken where it is no XML."""
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Broken from error

    def _doctype(self, *_args: object) -> None:
        raise Broken  # no office program writes one

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            number = attributes.get("r")
            self._row = int(_matched(_NUMBER, number)[0]) if number else self._row + 1
            self._column = 0
        elif name == "c":
            self._cell = self._row, self._column = self._place(attributes.get("r"))
        elif self._cell is not None:  # an empty cell with a border has no content: it is skipped
            row, column = self._cell
            self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self._cell = None

    def _place(self, address: str | None) -> tuple[int, int]:
        if not address:
            return self._row, self._column + 1
        found = _matched(_PLACE, address)
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - 64
        return max(self._row, int(found[2])), column


def _matched(pattern: re.Pattern[str], written: str) -> re.Match[str]:
    found = pattern.fullmatch(written)
    if found is None:
        raise Broken
    return found
