"""What can go wrong, said to the analyst.

Here live the exceptions of the whole program and the one record, `Problem`, that says what is wrong with a
scenario: where it stands, what was found, what was expected and the nearest right word. Nothing here reads,
checks or prints.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

__all__ = ["CaspianError", "Origin", "Problem", "ScenarioError", "UnknownScenario", "ValueFault", "nearest"]


_WIDEST_PLACE = 60
"""Places up to this many characters stand in a column of their own."""


class CaspianError(Exception):
    """A fault that the user can mend; the command line prints it without a traceback and exits with 2."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written: `file`, its 1-based `line` and `column`; `--set` and Python overlays have line 0."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a scenario: its dotted `key`, what is wrong, and, where they help, the value and what was expected."""

    key: str
    message: str
    value: str = ""
    expected: str = ""
    suggestion: str = ""
    origin: Origin | None = None

    def __str__(self) -> str:
        """The fault in one line: ``file:line:column key: message (found …, expected …); did you mean …?``."""
        where = f"{self.origin} " if self.origin else ""
        details = [f"found {self.value}"] if self.value else []
        details += [f"expected {self.expected}"] if self.expected else []
        bracket = f" ({'; '.join(details)})" if details else ""
        hint = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        return f"{where}{self.key}: {self.message}{bracket}{hint}"


class ValueFault(ValueError):
    """A single value that cannot be read; `at` is the path from that value down to the faulty part of it."""

    def __init__(self, message: str, *, expected: str = "", suggestion: str = "", at: tuple[str | int, ...] = ()):
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.at = at

    def below(self, *at: str | int) -> ValueFault:
        """The same fault seen from further up: `at` is put before its path."""
        return ValueFault(self.message, expected=self.expected, suggestion=self.suggestion, at=(*at, *self.at))


class ScenarioError(CaspianError):
    """A scenario that cannot be used, with every problem found in it; `source` says of which scenario."""

    def __init__(self, problems: Sequence[Problem], source: str = ""):
        self.problems = tuple(problems)
        self.source = source
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        places = [str(problem.origin) if problem.origin else "" for problem in self.problems]
        width = max((len(place) for place in places if len(place) <= _WIDEST_PLACE), default=0)
        lines = [
            f"{place:<{width}} {replace(problem, origin=None)}".lstrip()
            for place, problem in zip(places, self.problems, strict=True)
        ]
        super().__init__("\n".join([*lines, f"{count} in {source}." if source else f"{count}."]))


class UnknownScenario(CaspianError):
    """No scenario of that name, here or among those shipped; `near` is the name most like it, or ''."""

    def __init__(self, name: str, near: str = ""):
        self.near = near
        super().__init__(f"no scenario '{name}'" + (f"; did you mean '{near}'?" if near else ""))


def nearest(word: str, known: Iterable[str]) -> str:
    """The word of `known` that looks most like `word`, or '' where none comes near (ratio of difflib ≥ 0.6)."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""
