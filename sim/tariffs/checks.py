"""What may be wrong with a tariff taken alone: a rate its rule does not take, a field that means nothing to it."""

from __future__ import annotations

from sim.dated import Dated
from sim.errors import ValueFault, nearest
from sim.tariffs.facts import SELECTORS
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff
from sim.units import Price

__all__ = ["faults_under"]

_ALL_SELECTORS = ("services", "legs", "nodes", "terminals", "posts")
_DEFAULTS: dict[str, object] = {
    "lift": None, "free": 0.0, "laytime": 0.0, "laytime_rate": None, "on": "value", "of": (), "split_by": "t",
}  # fmt: skip


def faults_under(rule: Rule, tariff: Tariff) -> list[tuple[str, ValueFault]]:
    """Each fault with the field it stands in; empty where the tariff says what its rule can charge."""
    return [*_faults_of_rate(rule, tariff), *_faults_of_fields(rule, tariff)]


def _faults_of_rate(rule: Rule, tariff: Tariff) -> list[tuple[str, ValueFault]]:
    wanted, other = ("rate", "percent") if rule.bases else ("percent", "rate")
    form = _forms(rule) if rule.bases else "a percentage, such as '5 %'"
    found = []
    if getattr(tariff, other) is not None:
        found.append((other, ValueFault(f"has no meaning for {rule.name}", expected=f"'{wanted}'", suggestion=wanted)))
    if getattr(tariff, wanted) is None:
        found.append((wanted, ValueFault(f"is missing: {rule.name} needs it", expected=form)))
    elif rule.bases:
        found += [("rate", fault) for fault in _faults_of_bases(rule, tariff.rate)]
    return found


def _faults_of_bases(rule: Rule, rate: Dated[Price] | None) -> list[ValueFault]:
    allowed = {tuple(sorted(bases)) for bases in rule.bases}
    values = rate.values if rate else ()
    faults = []
    for index, price in enumerate(values):
        at = (index, "value") if len(values) > 1 else ()
        if tuple(sorted(price.per)) not in allowed:
            said = "/".join(price.per) or "nothing"
            hint = nearest("/".join(price.per), ["/".join(bases) for bases in rule.bases])
            message = f"is per {said}, which {rule.name} does not take"
            faults.append(ValueFault(message, expected=_forms(rule), suggestion=hint, at=at))
        elif sorted(price.per) != sorted(values[0].per):
            faults.append(ValueFault("is per something else than the first value", expected=str(values[0].per), at=at))
    return faults


def _faults_of_fields(rule: Rule, tariff: Tariff) -> list[tuple[str, ValueFault]]:
    heeded = SELECTORS[rule.fact]
    idle = [name for name in _ALL_SELECTORS if name not in heeded and getattr(tariff, name)]
    idle += [name for name, default in _DEFAULTS.items() if name not in rule.fields and getattr(tariff, name) != default]
    found = [(name, ValueFault(f"has no meaning for {rule.name}")) for name in idle]
    if "of" in rule.fields and not tariff.of:
        found.append(("of", ValueFault(f"is missing: {rule.name} needs the tariffs it tops up", expected="a list of ids")))
    if rule.regimes and tariff.regimes and not set(rule.regimes) & set(tariff.regimes):
        expected = " or ".join(f"'{regime}'" for regime in rule.regimes)
        found.append(("regimes", ValueFault(f"leaves nothing that {rule.name} is charged under", expected=expected)))
    return found


def _forms(rule: Rule) -> str:
    return "an amount per " + ", ".join("-".join(bases) if "km" in bases else "/".join(bases) for bases in rule.bases)
