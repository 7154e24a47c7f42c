"""The kinds of figure: a rate is a part of its whole by construction, or it is not declared.

A figure counts `Records`: those of one source (matters, visits, entries of rolls) that meet named
conditions. What a condition means in the database is the source's business; here only names are
compared, so that a wrong declaration fails when the module is read and not when somebody prints it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from hashlib import sha256


class DeclarationError(ValueError):
    """A figure that says of itself what it cannot be; the text gives the reason and the way out."""


@dataclass(frozen=True)
class Records:
    """The records of a source that meet all of the named conditions, dated by one of its times.

    `source` and `when` are names the source knows, `where` the names of its conditions. `sums`
    names a measure of the source that is added up; "" counts each record as one. A measure named
    `whole/part` lies inside `whole` for every record: the source cuts it there.
    """

    source: str
    when: str
    where: frozenset[str] = frozenset()
    sums: str = ""

    def only(self, *conditions: str) -> Records:
        """Give those of these records that meet more conditions."""
        return replace(self, where=self.where | set(conditions))

    def summed(self, measure: str) -> Records:
        """Give the same records with a measure of theirs added up."""
        return replace(self, sums=measure)

    @property
    def plain(self) -> Records:
        """The same records, each counted as one."""
        return replace(self, sums="")

    def within(self, whole: Records) -> bool:
        """Tell whether each of these is one of `whole` by its very definition."""
        same = (self.source, self.when) == (whole.source, whole.when)
        measured = self.sums == whole.sums or (
            bool(whole.sums) and self.sums.startswith(f"{whole.sums}/")
        )
        return same and measured and whole.where <= self.where

    def __str__(self) -> str:
        words = " & ".join([self.source, *sorted(self.where)]) + f" by {self.when}"
        return f"{words} sum {self.sums}" if self.sums else words


@dataclass(frozen=True)
class Counted:
    """How many records there are. Raises DeclarationError for what is added up."""

    records: Records

    def __post_init__(self) -> None:
        if self.records.sums:
            raise DeclarationError(
                f"{self.records} adds up what its records hold: declare a Total, or a Sealed"
                " where the records are digests of others."
            )

    @property
    def opens(self) -> Records:
        """The records the number opens onto."""
        return self.records


@dataclass(frozen=True)
class Total:
    """A measure of the records, added up; `step` of it make one of the unit it is shown in.

    Raises DeclarationError where there is nothing to add.
    """

    records: Records
    step: int = 1

    def __post_init__(self) -> None:
        if not self.records.sums:
            raise DeclarationError(f"{self.records} adds nothing up: declare a Counted.")
        _check_step(self.records, self.step)

    @property
    def opens(self) -> Records:
        """The records whose measures were added up."""
        return self.records


@dataclass(frozen=True)
class Distinct:
    """How many different ones (`of`: people, bodies) the records name."""

    records: Records
    of: str

    def __post_init__(self) -> None:
        _check_plain("Distinct", self.records)

    @property
    def opens(self) -> Records:
        """The records that name them."""
        return self.records


@dataclass(frozen=True)
class PartOf:
    """A rate: those of the whole that meet more conditions. It cannot pass 100 %.

    Raises DeclarationError when the part is not inside the whole by definition.
    """

    part: Records
    whole: Records

    def __post_init__(self) -> None:
        _check_part(self.part, self.whole)

    @property
    def opens(self) -> Records:
        """The records of the part."""
        return self.part


@dataclass(frozen=True)
class Per:
    """A ratio: so many of one thing per one of another; never shown with %.

    Raises DeclarationError when it is a rate in disguise.
    """

    number: Records
    per: Records

    def __post_init__(self) -> None:
        if self.number.within(self.per):
            raise DeclarationError(
                f"{self.number} is a part of {self.per}: declare a PartOf, which says so."
            )

    @property
    def opens(self) -> Records:
        """The records of the number above the line."""
        return self.number


@dataclass(frozen=True)
class ShareOf:
    """A share of answers: yes of those who said anything, shown with their n and answer rate.

    `asked` is whoever could have said: without it nobody sees that most were silent. Raises
    DeclarationError when yes is not inside what was said, or this not inside those asked: counted
    of other records, or at another moment, more would say something than were asked.
    """

    yes: Records
    said: Records
    asked: Records

    def __post_init__(self) -> None:
        _check_part(self.yes, self.said)
        if self.said == self.asked:
            raise DeclarationError(
                f"Who said and who was asked are both {self.said}: the answer rate would always"
                " be 100 %. Name everybody who was asked, the silent ones too, or declare a PartOf."
            )
        _check_part(self.said, self.asked)

    @property
    def opens(self) -> Records:
        """The answers that say yes."""
        return self.yes


@dataclass(frozen=True)
class MedianOf:
    """The middle one of a measure of the records; `step` of it make one of the unit it is shown in.

    A median does not add up: it is made from the measures themselves, never from other medians.
    Raises DeclarationError for records that are added up already.
    """

    records: Records
    of: str
    step: int

    def __post_init__(self) -> None:
        _check_plain("MedianOf", self.records)
        if not self.of:
            raise DeclarationError(f"MedianOf {self.records} does not say of what measure.")
        _check_step(self.records, self.step)

    @property
    def opens(self) -> Records:
        """The records that were measured."""
        return self.records


@dataclass(frozen=True)
class Sealed:
    """What digests or tombstones say of records that are gone; it opens onto these.

    Its records are digests; what they say of those they were made from is added up. Raises
    DeclarationError when it does not name which of their numbers.
    """

    records: Records

    def __post_init__(self) -> None:
        if not self.records.sums:
            raise DeclarationError(
                f"{self.records}: how many digests there are is no sealed number. Name what they"
                " say of the records that are gone, or declare a Counted."
            )

    @property
    def opens(self) -> Records:
        """The digests or tombstones."""
        return self.records


Kind = Counted | Total | Distinct | PartOf | Per | ShareOf | MedianOf | Sealed


def _check_part(part: Records, whole: Records) -> None:
    if part.source != whole.source:
        raise DeclarationError(
            f"{part} is no part of {whole}: they count different things, so the"
            " quotient may pass 100 %. Declare a Ratio; it is never shown with %."
        )
    if part.when != whole.when:
        raise DeclarationError(
            f"{part} is no part of {whole}: the two are dated by different moments,"
            " so that one period holds a part without its whole. Date both alike."
        )
    if not part.plain.within(whole.plain):
        missing = ", ".join(sorted(whole.where - part.where))
        raise DeclarationError(f"{part} is no part of {whole}: it leaves out {missing}.")
    if not part.within(whole):
        raise DeclarationError(
            f"{part} is no part of {whole}: what is added up above the line need not lie inside"
            f" what is below. Declare a measure {whole.sums or '…'}/… that the source cuts there."
        )
    if part == whole:
        raise DeclarationError(f"{part} of itself is always 100 %: declare a Counted.")


def _check_plain(kind: str, records: Records) -> None:
    if records.sums:
        raise DeclarationError(f"{kind} {records}: it takes records one by one, nothing added up.")


def _check_step(records: Records, step: int) -> None:
    if step < 1:
        raise DeclarationError(f"{records}: {step} of a measure make no unit.")


def records_of(kind: Kind) -> tuple[Records, ...]:
    """List all records a definition speaks of, those it opens onto first."""
    found = (getattr(kind, field.name) for field in fields(kind))
    return tuple(one for one in found if isinstance(one, Records))


def measure_of(kind: Kind, records: Records) -> tuple[str, int]:
    """Name the measure that some records of a definition have, "" for none, and its step."""
    step = kind.step if isinstance(kind, Total | MedianOf) else 1
    return (kind.of if isinstance(kind, MedianOf) else records.sums), step


def edition_of(kind: Kind) -> str:
    """Name what a definition counts in eight digits: another definition has another name."""
    return sha256(repr(_plain(kind)).encode()).hexdigest()[:8]


def _plain(kind: Kind) -> tuple[str, ...]:
    """Write a definition in one order; a set of conditions has none of its own."""
    said = [str(getattr(kind, field.name)) for field in fields(kind)]
    return (type(kind).__name__, *said)
