"""A sheet typed back from paper or read from a spreadsheet: who is meant by each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError, PasswordError, XmlError, ZipError, load_workbook

from groundwork.base import attachments, text
from groundwork.base.actor import Actor
from groundwork.base.errors import N_, RuleBroken
from groundwork.base.spreadsheet import measure_workbook
from groundwork.registry.models import Person
from groundwork.study.models import RollSheet
from groundwork.study.queries.roll import people_of

MOST_BYTES = 5_000_000
MOST_LINES = 5_000
MOST_CELLS = 1_000_000  # 5,000 lines of 200 columns
_UNREADABLE = (CalamineError, PasswordError, XmlError, ZipError, ValueError, OSError, IndexError)
_SEPARATORS = re.compile(r"[\n,，、;；]+|(?<=\w)\s+(?=\w)")
_SPREAD = re.compile(r"(?<![㐀-鿿])[㐀-鿿](?:[ \u3000]+[㐀-鿿])+(?![㐀-鿿])")
_NUMBER_HEADS = {"工号", "编号", "worknumber", "number"}
_NAME_HEADS = {"姓名", "名字", "name"}


class NotASpreadsheet(RuleBroken):
    code = "study.not_a_spreadsheet"
    text = N_("读不出这个文件。请用 Excel 表格（xlsx），并且不大于 5 MB。")


class TooManyLines(RuleBroken):
    code = "study.too_many_lines"
    text = N_("表格超过 %(most)s 行，请只留本单位的名单。")


@dataclass(frozen=True)
class Typed:
    """One line as it was typed, and who is meant; `problem` is unknown or namesakes."""

    row: int
    written: str
    person: Person | None = None
    problem: str = ""


def read_text(pasted: str) -> list[tuple[int, str]]:
    """Cut a pasted text into work numbers and names; spaces inside a Chinese name stay."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(pasted.splitlines(), 1):
        parts = (part.strip() for part in _SEPARATORS.split(_joined(line)))
        found.extend((number, part) for part in parts if part)
    return _within(found)


def _joined(line: str) -> str:
    """Close the gaps people leave in short names: `张 三` is one name."""
    return _SPREAD.sub(lambda found: "".join(found[0].split()), line)


def read_file(content: bytes) -> list[tuple[int, str]]:
    """Read work numbers, else names, from the first sheet of an xlsx.

    Columns are found by their heads; without heads the first filled cell of a row counts.
    """
    if len(content) > MOST_BYTES or attachments.sniff(content) != attachments.XLSX:
        raise NotASpreadsheet
    try:
        measure_workbook(content, MOST_CELLS)
        rows = load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
    except (attachments.Broken, attachments.Bomb, *_UNREADABLE):
        raise NotASpreadsheet from None
    if len(rows) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    number_column, name_column, head = _columns(rows)
    found = []
    for number, row in enumerate(rows, 1):
        if number <= head:
            continue
        cells = [_cell(value) for value in row]
        picked = [
            cells[c] for c in (number_column, name_column) if c is not None and c < len(cells)
        ]
        written = next((c for c in (picked if head else cells) if c), "")
        if written:
            found.append((number, written))
    return _within(found)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return text.tidy(str(value))


def _columns(rows: Sequence[Sequence[object]]) -> tuple[int | None, int | None, int]:
    """Find the columns of work numbers and names and the row of their heads (0: none)."""
    for at, row in enumerate(rows[:10], 1):
        heads = [text.tight(_cell(value)).lower() for value in row]
        number = next((i for i, h in enumerate(heads) if h in _NUMBER_HEADS), None)
        name = next((i for i, h in enumerate(heads) if h in _NAME_HEADS), None)
        if number is not None or name is not None:
            return number, name, at
    return None, None, 0


def _within(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    if len(found) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return found


def resolve(sheet: RollSheet, written: list[tuple[int, str]], by: Actor) -> list[Typed]:
    """Say who is meant by each line among the people of a sheet that the actor keeps."""
    numbers: dict[str, Person] = {}
    names: dict[str, list[Person]] = {}
    for person in people_of(sheet, by):
        numbers[text.tight(person.work_number).upper()] = person
        names.setdefault(text.tight(person.name), []).append(person)
    lines: list[Typed] = []
    for row, line in written:
        key = text.tight(line)
        meant = [numbers[key.upper()]] if key.upper() in numbers else names.get(key, [])
        if len(meant) == 1:
            lines.append(Typed(row, line, meant[0]))
        else:
            lines.append(Typed(row, line, problem="namesakes" if meant else "unknown"))
    return lines
