"""Text as people type it, made comparable: width, spaces, pinyin, search tokens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

# The two dictionaries (pypinyin, rjieba) are read at the first text that asks for them: a command
# that needs none starts in half the time.

_SPACES = re.compile(r"\s+")
_CJK = re.compile(r"[㐀-鿿]+")
_WORD = re.compile(r"[a-z0-9]+|[㐀-鿿]+")


def tidy(text: str) -> str:
    """Fold full-width forms, drop control characters, trim and squeeze spaces."""
    return line(unicodedata.normalize("NFKC", text))


def line(text: str) -> str:
    """Trim and squeeze a line meant to be read: full-width punctuation stays as it was typed."""
    if not text.isprintable():  # one look at the whole, before a look at each sign
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    return _SPACES.sub(" ", text).strip()


def tight(text: str) -> str:
    """Tidy and drop every space: `张 三` and `张三` are one name."""
    return tidy(text).replace(" ", "")


@lru_cache(maxsize=65536)
def sort_key(name: str) -> str:
    """Make the pinyin key a name is sorted by; a person may edit it (polyphonic surnames)."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)).lower()


def initials(key: str) -> str:
    """Make pinyin initials from a sort key: `zhang1 san1` → `zs`."""
    return "".join(part[0] for part in key.split())


def tokens(*texts: str) -> str:
    """Cut texts into search tokens: words, CJK bigrams and single characters, Latin runs."""
    return " ".join(dict.fromkeys(chain.from_iterable(map(_cut, texts))))


@lru_cache(maxsize=8192)  # names of categories and stock answers recur by the thousand
def _cut(text: str) -> tuple[str, ...]:
    import rjieba

    folded = tidy(text).lower()
    out = dict.fromkeys(w for w in rjieba.cut_for_search(folded) if _WORD.fullmatch(w))
    for run in _CJK.findall(folded):
        out.update(dict.fromkeys(run))
        out.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    out.update(dict.fromkeys(re.findall(r"[a-z0-9]+", folded)))
    return tuple(out)


def query_terms(query: str) -> list[str]:
    """Cut what a reader typed into terms that must all be found, the Latin ones as prefixes."""
    terms: list[str] = []
    for run in _WORD.findall(tidy(query).lower()):
        if _CJK.fullmatch(run) and len(run) > 1:
            terms += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            terms.append(run)
    return terms[:12]
