"""Settling: every tariff of a scenario is charged for what happened, and every cent is booked to cargo or to the carrier."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.draws import Draws
from sim.ledger.gathering import GATHER, rows_of
from sim.ledger.going_through import add_up_until
from sim.ledger.holding import inventory_cents, spoilage_cents, under_way
from sim.ledger.record import Entry, Ledger, Shorts, Whole
from sim.ledger.selecting import Factors, factors, selected
from sim.ledger.world import World, world_of
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.tariffs import RULES, FactKind, Facts, Tariff, bill, sums
from sim.world.network import Network

__all__ = ["settle"]

Ints = npt.NDArray[np.int64]

_MICROS_PER_CENT = 10_000
_CARRIED = ("freight", "minimum", "insurance")
"""Rules whose charges are part of a cif value."""
_DUTY = ("duty",)


@dataclass(slots=True)
class _Lines:
    """The lines of one entry of the table of rules; consignments and seconds in columns as narrow as a ledger's."""

    entry: int
    rule: str
    consignment: Whole
    at_s: Whole
    cents: Ints
    payer: str
    payee: str
    charged_cents: int


@dataclass(slots=True)
class _Book:
    """What is booked so far, and the facts read so far."""

    world: World
    factors: Factors
    lines: list[_Lines] = field(default_factory=list)
    facts: dict[FactKind, Facts] = field(default_factory=dict)
    sums: dict[tuple[str, ...], tuple[int, Ints]] = field(default_factory=dict)
    """By rules: how many tariffs of theirs are summed up for entries, and these sums."""

    def of_kind(self, kind: FactKind) -> Facts:
        """All facts of one kind, read once."""
        if kind not in self.facts:
            self.facts[kind] = GATHER[kind](self.world)
        return self.facts[kind]

    def forget_but(self, kinds: set[FactKind]) -> None:
        """Let go of the facts that no further tariff is about: of a million consignments they are large."""
        for kind in self.facts.keys() - kinds:
            del self.facts[kind]
        if "entry" not in kinds:
            self.sums.clear()

    def entries(self) -> Facts:
        """All entries, with what had been charged before each of them."""
        entries = self.of_kind("entry")
        more = {"carried_micros": self._micros_until(_CARRIED, entries), "duty_micros": self._micros_until(_DUTY, entries)}
        return replace(entries, gathered={**entries.gathered, **more})

    def _micros_until(self, rules: tuple[str, ...], facts: Facts) -> Ints:
        """(n,) what these rules had charged each row's consignment by the second of the row, in millionths of a USD.

        Rows of a consignment stand together.
        """
        lines = [line for line in self.lines if line.rule in rules]
        done, micros = self.sums.get(rules, (0, np.zeros(len(facts), dtype=np.int64)))
        if done < len(lines):
            consignments, micros = len(self.world.records.cargo.released_s), micros.copy()
            for line in lines[done:]:
                compiled(add_up_until)((line.consignment, line.at_s, line.cents * _MICROS_PER_CENT), consignments,
                                       (facts.consignment, facts.at_s), micros)  # fmt: skip
        self.sums[rules] = len(lines), micros
        return micros


def settle(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Ledger:
    """The ledger of one replication: every charge for what the records say happened, delivered or not.

    Raises `CaspianError` where a price is in a currency without an exchange rate.
    """
    world = world_of(scenario, network, draws, records)
    book = _Book(world, factors(scenario, network))
    order = list(RULES)
    ranked = sorted(enumerate(scenario.tariffs), key=lambda numbered: order.index(numbered[1].rule))
    for place, (index, tariff) in enumerate(ranked):
        book.lines.append(_charged(scenario, book, index, tariff))
        book.forget_but({RULES[later.rule].fact for _, later in ranked[place + 1 :]})
    holding = under_way(world)
    who, at_s = _narrow(world, *holding[:2])
    for index, rule, cents in (
        (len(scenario.tariffs), "inventory", inventory_cents(world, holding, scenario.run.capital_cost)),
        (len(scenario.tariffs) + 1, "spoilage", spoilage_cents(world, holding, scenario.commodities)),
    ):
        book.lines.append(_Lines(index, rule, who, at_s, cents, "consignee", rule, int(cents.sum())))
    return _ledger(scenario, book)


def _charged(scenario: Scenario, book: _Book, index: int, tariff: Tariff) -> _Lines:
    """What one tariff charges, given what those before it have."""
    rule, world = RULES[tariff.rule], book.world
    network = world.network
    if rule.fact == "charged":
        facts = _charged_before(scenario, book, tariff)
    else:
        facts = book.entries() if rule.fact == "entry" else book.of_kind(rule.fact)
    facts = rule.concerns(tariff, selected(scenario, network, tariff, rule, facts))
    billed = bill(tariff, rule, facts, book.factors.of(facts), world.market)
    payee = tariff.payee or rule.payee
    who, at_s = _narrow(world, billed.facts.consignment, billed.facts.at_s)
    return _Lines(index, tariff.rule, who, at_s, billed.cents, tariff.payer, payee, billed.total_cents)


def _narrow(world: World, consignment: Whole, at_s: Whole) -> tuple[Whole, Whole]:
    """The two columns as a ledger has them."""
    return consignment.astype(np.int32), at_s.astype(world.records.cargo.released_s.dtype)


def _charged_before(scenario: Scenario, book: _Book, tariff: Tariff) -> Facts:
    """What the tariffs named in `of` charged each consignment, at the second at which they last charged its shipment."""
    entries = [index for index, other in enumerate(scenario.tariffs) if other.id in tariff.of]
    lines = [line for line in book.lines if line.entry in entries]
    none = np.zeros(0, dtype=np.int64)
    who = np.concatenate([none, *(line.consignment for line in lines)])
    at_s, cents = (np.concatenate([none, *(getattr(line, name) for line in lines)]) for name in ("at_s", "cents"))
    at_s, cents, who = at_s[who >= 0], cents[who >= 0], who[who >= 0]
    cargo, row = np.unique(who, return_inverse=True)
    shipment = book.world.draws.shipment[cargo]
    last_s = np.zeros(len(book.world.draws.shipment_kg), dtype=np.int64)
    np.maximum.at(last_s, shipment[row], at_s)
    more = {"charged_cents": sums(row, cents, len(cargo))}
    return rows_of(book.world, cargo, shipment, last_s[shipment], more)


def _ledger(scenario: Scenario, book: _Book) -> Ledger:
    names = tuple(dict.fromkeys(name for line in book.lines for name in (line.payer, line.payee)))
    charged = np.zeros(len(book.lines), dtype=np.int64)
    for line in book.lines:
        charged[line.entry] = line.charged_cents

    lengths = [len(line.cents) for line in book.lines]

    def each(values: list[int]) -> Shorts:
        return np.repeat(np.array(values, dtype=np.int16), lengths)

    tariff, payer, payee = (
        each([line.entry for line in book.lines]),
        each([names.index(line.payer) for line in book.lines]),
        each([names.index(line.payee) for line in book.lines]),
    )
    columns = {name: _let_go(book, name) for name in ("consignment", "at_s", "cents")}
    return Ledger(**columns, tariff=tariff, payer=payer, payee=payee, rules=_entries(scenario), names=names,
                  charged_cents=charged)  # fmt: skip


def _let_go(book: _Book, name: str) -> Whole:
    """A column of all lines, which is taken out of the book: of a million consignments there is no room for it twice."""
    none = np.zeros(0, dtype=np.int64)
    column: Whole = np.concatenate([getattr(line, name) for line in book.lines])
    for line in book.lines:
        setattr(line, name, none)
    return column


def _entries(scenario: Scenario) -> tuple[Entry, ...]:
    """The table of rules: the tariffs in the order of the scenario, then what is always booked."""
    tariffs = [
        Entry(id=tariff.id, title=tariff.title or tariff.id, rule=tariff.rule, category=tariff.category or tariff.rule)
        for tariff in scenario.tariffs
    ]
    always = (("inventory", "Inventory holding"), ("spoilage", "Spoilage"))
    return (*tariffs, *(Entry(id=name, title=title, rule=name, category=name) for name, title in always))
