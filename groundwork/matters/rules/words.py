"""Words as people send them: numbers of cards masked, the same words known again."""

from __future__ import annotations

import hashlib
import re

# Figures, alone or in groups: 330203 19800101 1234, 6222-0213-0400-1234-567, also in full width.
_RUN = re.compile(r"[0-9０-９]+(?:[ \-\u3000\u00a0－—][0-9０-９]+)*[XxＸｘ]?")
_FIGURES = re.compile(r"[0-9０-９]+[XxＸｘ]?")
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘx", "0123456789XXX")
_NOT_WORDS = re.compile(r"[\W_]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_PROVINCES = range(11, 92)
_BANK = ("3", "4", "5", "62", "9")  # no phone number and no date begins so
ID_LENGTH, OLD_ID_LENGTH = 18, 15
BANK_LENGTHS = range(16, 20)
UNION_PAY = (16, 19)  # 62…: the country's own cards, masked even where mistyped
MOST_GROUPS = 6  # a card is read out in no more
LONGEST_TITLE = 40


def masked(text: str) -> str:
    """Blank out identity and bank card numbers: the first three and last two figures stay.

    A number counts as a card where it is built like one: an identity card by region and birthday
    (mistyped ones too), a bank card by its check figure. Phone, order and receipt numbers stay.
    """
    return _RUN.sub(lambda run: _mask_run(run[0]), text)


def _mask_run(run: str) -> str:
    groups = [(found.start(), found.end()) for found in _FIGURES.finditer(run)]
    plain, out, at = run.translate(_PLAIN), list(run), 0
    while at < len(groups):
        ends = range(min(len(groups), at + MOST_GROUPS), at, -1)
        end = next((end for end in ends if _is_card(plain, groups[at:end])), at)
        if end > at:
            _blank(out, groups[at][0], groups[end - 1][1])
        else:
            start, stop = groups[at]
            for offset in _hidden_ids(plain[start:stop]):
                _blank(out, start + offset, start + offset + ID_LENGTH)
        at = max(end, at + 1)
    return "".join(out)


def _is_card(plain: str, groups: list[tuple[int, int]]) -> bool:
    parts = [plain[start:end] for start, end in groups]
    number = "".join(parts)
    if len(parts) == 1:
        return _like_id(number) or _like_bank(number)
    # In groups only what is right to the last figure: 13805741234 2026-05-24 is no card.
    in_fours = all(len(part) >= 4 for part in parts[:-1])
    return _right_id(number) or (in_fours and _like_bank(number))


def _like_id(number: str) -> bool:
    if len(number) == OLD_ID_LENGTH and number.isdigit():
        return int(number[:2]) in _PROVINCES and _birthday("19" + number[6:12])
    if len(number) != ID_LENGTH or not number[:17].isdigit():
        return False
    return int(number[:2]) in _PROVINCES and _birthday(number[6:14])


def _birthday(day: str) -> bool:
    year, month, date = int(day[:4]), int(day[4:6]), int(day[6:])
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= date <= 31


def _right_id(number: str) -> bool:
    if len(number) != ID_LENGTH or not _like_id(number):
        return False
    total = sum(int(figure) * weight for figure, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def _like_bank(number: str) -> bool:
    if len(number) not in BANK_LENGTHS or not number.isdigit() or not number.startswith(_BANK):
        return False
    if number.startswith("62") and len(number) in UNION_PAY:
        return True
    odd = sum(int(figure) for figure in number[-1::-2])
    even = sum(sum(divmod(2 * int(figure), 10)) for figure in number[-2::-2])
    return (odd + even) % 10 == 0


def _hidden_ids(number: str) -> list[int]:
    """Find identity cards inside a longer number, as tables pasted without gaps have them."""
    last = len(number) - ID_LENGTH
    return [at for at in range(last + 1) if _right_id(number[at : at + ID_LENGTH])]


def _blank(out: list[str], start: int, end: int) -> None:
    figures = [at for at in range(start, end) if out[at].isalnum()]
    for at in figures[3:-2]:
        out[at] = "*"


def cleaned(text: str) -> str:
    """Drop control and direction marks, keep lines; no more than one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\u3000\u00a0")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def title_of(text: str) -> str:
    """Make a title of the first sentence."""
    first = re.split(r"[。！？!?\n]", text.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def digest(text: str) -> str:
    """Digest the bare words, so that the same text is known whatever its marks and spaces."""
    bare = _NOT_WORDS.sub("", text).lower()
    return hashlib.sha256(bare.encode()).hexdigest()[:32]
