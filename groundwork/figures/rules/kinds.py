"""The kinds of figure: a rate is a part of its whole by construction, or it is not declared.

A figure counts `Records`: those of one source (matters, visits, entries of rolls) that meet named
conditions. What a condition means in the database is the source's business; here only names are
compared, so that a wrong declaration fails when the module is read and not when somebody prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


class DeclarationError(ValueError):
    """A figure that says of itself what it cannot be; the text gives the reason and the way out."""


@dataclass(frozen=True)
class Records:
    """The records of a source that meet all of the named conditions, dated by one of its times.

    `source` and `when` are names the source knows, `where` the names of its conditions.
    """

    source: str
    when: str
    where: frozenset[str] = frozenset()

    def only(self, *conditions: str) -> Records:
        """Give those of these records that meet more conditions."""
        return Records(self.source, self.when, self.where | set(conditions))

    def within(self, whole: Records) -> bool:
        """Tell whether each of these is one of `whole` by its very definition."""
        same = (self.source, self.when) == (whole.source, whole.when)
        return same and whole.where <= self.where

    def __str__(self) -> str:
        return " & ".join([self.source, *sorted(self.where)]) + f" by {self.when}"


@dataclass(frozen=True)
class Counted:
    """How many records there are."""

    records: Records

    @property
    def opens(self) -> Records:
        """The records the number opens onto."""
        return self.records


@dataclass(frozen=True)
class Distinct:
    """How many different ones (`of`: people, bodies) the records name."""

    records: Records
    of: str

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
        if self.part.source != self.whole.source:
            raise DeclarationError(
                f"{self.part} is no part of {self.whole}: they count different things, so the"
                " quotient may pass 100 %. Declare a Ratio; it is never shown with %."
            )
        if self.part.when != self.whole.when:
            raise DeclarationError(
                f"{self.part} is no part of {self.whole}: the two are dated by different moments,"
                " so that one period holds a part without its whole. Date both alike."
            )
        if not self.part.within(self.whole):
            missing = ", ".join(sorted(self.whole.where - self.part.where))
            raise DeclarationError(
                f"{self.part} is no part of {self.whole}: it leaves out {missing}."
            )
        if self.part == self.whole:
            raise DeclarationError(f"{self.part} of itself is always 100 %: declare a Counted.")

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


Kind = Counted | Distinct | PartOf | Per


def edition_of(kind: Kind) -> str:
    """Name what a definition counts in eight digits: another definition has another name."""
    return sha256(repr(_plain(kind)).encode()).hexdigest()[:8]


def _plain(kind: Kind) -> tuple[str, ...]:
    """Write a definition in one order; a set of conditions has none of its own."""
    fields = [kind.records] if isinstance(kind, Counted | Distinct) else []
    if isinstance(kind, PartOf):
        fields = [kind.part, kind.whole]
    if isinstance(kind, Per):
        fields = [kind.number, kind.per]
    more = [kind.of] if isinstance(kind, Distinct) else []
    return (type(kind).__name__, *map(str, fields), *more)
