"""Documents as they are read: their numbers now and as last looked at, their paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.figures import policy
from groundwork.figures.models import Briefing, BriefingStep, Reference
from groundwork.figures.queries.curves import Plain, Point, plain_curve, read_curve
from groundwork.figures.queries.source import Scope
from groundwork.figures.queries.values import Value, counted_values, values_of
from groundwork.figures.rules import briefing as rules
from groundwork.figures.rules import saying
from groundwork.figures.rules.briefing import Level, Token, level_of, pieces
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.figures.rules.periods import Period, read
from groundwork.registry.models import Place

Key = tuple[str, str, str]  # figure, place's code, period: as `Token.key`


@dataclass(frozen=True)
class Look:
    """A number of a document: as it was last looked at, and as it is now.

    `now` is None once the document is published, and where figure or place are gone; `drawn` is
    its curve now where the text draws one.
    """

    reference: Reference
    place: str
    now: Value | None
    frozen: bool
    drawn: Plain | None = None

    @property
    def title(self) -> str:
        """How the figure is called, as a msgid; its key where it is gone."""
        figure = FIGURES.get(self.reference.figure)
        return figure.title if figure else self.reference.figure

    @property
    def period(self) -> Period:
        """Of which period it speaks."""
        return read(self.reference.period)

    @property
    def then(self) -> str:
        """The number as last looked at."""
        return saying.told(self.reference.number)

    @property
    def then_whole(self) -> str:
        """The number as last looked at, with what it is made of: two may be told alike."""
        return saying.told(self.reference.number, with_parts=True)

    @property
    def alone(self) -> str:
        """The number that the text shows: the present one until it is frozen."""
        return saying.shown(self.now.number) if self.now else self.then

    @property
    def made_of(self) -> str:
        """What a share or a ratio is made of, "" where nothing is to be added."""
        made = saying.basis(self.now.number if self.now else saying.read(self.reference.number))
        return "" if made == self.alone else made

    @property
    def unit(self) -> str:
        """In what it is counted, as a msgid; "" of a share and of a figure that is gone."""
        figure = FIGURES.get(self.reference.figure)
        return figure.unit if figure else ""

    @property
    def whole(self) -> str:
        """The number with what it is made of."""
        if self.now:
            return saying.whole(self.now.number)
        return saying.told(self.reference.number, with_parts=True)

    @property
    def redefined(self) -> bool:
        """Tell whether another definition counts it now."""
        return self.now is not None and self.now.edition != self.reference.edition

    @property
    def changed(self) -> bool:
        """Tell whether it differs from what was last looked at; then it is red."""
        if self.frozen:
            return False
        if self.now is None or self.redefined:
            return True
        if self.drawn is not None and self.reference.curve not in ([], self.drawn):
            return True
        return bool(saying.plain(self.now.number) != self.reference.number)

    @property
    def curve(self) -> list[Point]:
        """The curve that the text shows: the present one until it is frozen."""
        return read_curve(self.reference.curve if self.drawn is None else self.drawn)


@dataclass(frozen=True)
class Shown:
    """A number inside a paragraph, or its curve, which is a paragraph."""

    text: str
    look: Look
    curve: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with the level it heads; its parts are words and numbers."""

    level: Level
    parts: tuple[str | Shown, ...]

    @property
    def drawn(self) -> Look | None:
        """The number whose curve the paragraph is; None where it is words."""
        first = self.parts[0]
        return first.look if isinstance(first, Shown) and first.curve else None

    @property
    def text(self) -> str:
        """The paragraph as it reads."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


def numbers_of(keys: Iterable[Key], at: datetime) -> dict[Key, Value]:
    """Count numbers from the records, those of one place and period together.

    Not from the kept sums: what is about to be printed holds up to this moment. What is gone is
    left out.
    """
    wanted: dict[tuple[str, str], list[str]] = {}
    for figure, place, period in keys:
        if figure in FIGURES:
            wanted.setdefault((place, period), []).append(figure)
    places = {p.code: p for p in Place.objects.filter(code__in={code for code, _ in wanted})}
    found: dict[Key, Value] = {}
    for (code, period), figures in wanted.items():
        if code in places:
            scope = Scope("place", places[code].path)
            chosen = [FIGURES[key] for key in figures]
            values = counted_values(chosen, scope, read(period), at)
            found |= {(key, code, period): value for key, value in values.items()}
    return found


def silent_figures(place: Place, period: Period, at: datetime) -> set[str]:
    """Name the figures that count nothing in a period."""
    found = values_of(policy.figures_of(place), Scope("place", place.path), period, at)
    return {key for key, value in found.items() if not value.n}


def curves_of_keys(keys: Iterable[Key], at: datetime) -> dict[Key, Plain]:
    """Count the curves of numbers from the records; of what is gone there is none."""
    listed = list(keys)
    places = {p.code: p for p in Place.objects.filter(code__in={key[1] for key in listed})}
    return {
        (figure, code, period): plain_curve(
            FIGURES[figure], Scope("place", places[code].path), read(period), at
        )
        if figure in FIGURES and code in places
        else []
        for figure, code, period in listed
    }


def key_of(reference: Reference) -> Key:
    """Name the number a row stands for."""
    return (reference.figure, reference.place_code, reference.period)


def looks(briefing: Briefing, at: datetime) -> list[Look]:
    """List a document's numbers in their order; counted now until it is published."""
    rows = list(briefing.references.order_by("order"))
    frozen = briefing.published_at is not None
    now = {} if frozen else numbers_of([key_of(row) for row in rows], at)
    wanted = set() if frozen else rules.drawn(briefing.text)
    return _looks(rows, now, wanted, at, frozen=frozen)


def looks_while_writing(briefing: Briefing, text: str, at: datetime) -> list[Look]:
    """List the numbers of a text that is not kept yet: those the document has as last looked at,
    the others as they are now. Raises BadReference, TooManyReferences.
    """
    kept = {key_of(row): row for row in briefing.references.all()}
    wanted = [token.key for token in rules.tokens(text)]
    now = numbers_of(wanted, at)
    rows = [kept.get(key) or _unkept(key, now[key]) for key in wanted if key in kept or key in now]
    return _looks(rows, now, rules.drawn(text), at)


def _unkept(key: Key, value: Value) -> Reference:
    return Reference(
        figure=key[0],
        place_code=key[1],
        period=key[2],
        number=saying.plain(value.number),
        n=value.n,
        edition=value.edition,
        definition=value.figure.definition,
        cutoff=value.cutoff,
    )


def _looks(
    rows: Sequence[Reference],
    now: Mapping[Key, Value],
    wanted: set[Key],
    at: datetime,
    *,
    frozen: bool = False,
) -> list[Look]:
    curves = curves_of_keys([key for row in rows if (key := key_of(row)) in wanted], at)
    codes = {row.place_code for row in rows}
    names = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Look(
            row,
            names.get(row.place_code, row.place_code),
            now.get(key_of(row)),
            frozen,
            curves.get(key_of(row)),
        )
        for row in rows
    ]


def paragraphs(text: str, found: Sequence[Look]) -> list[Paragraph]:
    """Take a text apart into paragraphs whose numbers are filled in."""
    by_key = {key_of(look.reference): look for look in found}
    lines: list[list[str | Shown]] = [[]]
    for piece in pieces(text):
        if isinstance(piece, Token):
            look = by_key[piece.key]
            text = look.whole if piece.whole else look.alone
            lines[-1].append(Shown(text, look, piece.curve))
            continue
        first, *others = piece.replace("\r", "").split("\n")
        lines[-1] += [first] if first else []
        lines += [[other] if other else [] for other in others]
    parts = (part for line in lines if _said(line) for part in _apart(line))
    return [Paragraph(_level(part), tuple(part)) for part in parts]


def _apart(line: list[str | Shown]) -> Iterator[list[str | Shown]]:
    """Take the curves out of a line of words: each stands alone."""
    words: list[str | Shown] = []
    for part in line:
        if isinstance(part, Shown) and part.curve:
            if _said(words):
                yield words
            yield [part]
            words = []
        else:
            words.append(part)
    if _said(words):
        yield words


def _level(line: Sequence[str | Shown]) -> Level:
    if isinstance(line[0], Shown) and line[0].curve:
        return "curve"
    return level_of("".join(part if isinstance(part, str) else part.text for part in line))


def _said(line: Sequence[str | Shown]) -> bool:
    return any(not isinstance(part, str) or part.strip() for part in line)


def briefings(by: Actor, cursor: str = "") -> Listing[Briefing]:
    """List the documents a reader sees, the newest first."""
    rows = policy.visible_briefings(by).select_related("place", "corrects")
    return page_by_key(rows, ["-made_at", "-pk"], cursor)


def steps_of(briefing: Briefing) -> list[BriefingStep]:
    """List what was done with a document, in order."""
    return list(briefing.steps.all())


def sender_of(briefing: Briefing) -> int | None:
    """Give the account that last sent a document to be checked."""
    last = briefing.steps.filter(verb="send").order_by("-pk").first()
    return last.account_id if last else None
