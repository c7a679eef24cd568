"""Cargo: what is carried, in which form, what it is worth and how long it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import MinLen

from sim.units import (
    Celsius,
    CubicMetresPerTonne,
    Multiplier,
    PositiveMultiplier,
    PositiveSeconds,
    PricePerTonne,
    TonnesPerTeu,
)

__all__ = ["FORMS", "Commodity", "Direction", "Form", "Id", "Season"]

Id = Annotated[str, MinLen(1)]
Form = Literal["bulk", "break-bulk", "container", "reefer", "dangerous"]
FORMS: tuple[Form, ...] = ("bulk", "break-bulk", "container", "reefer", "dangerous")
Direction = Literal["export", "import"]
"""Seen from Iran: `export` leaves Iran, `import` enters it."""
Season = tuple[float, ...]
"""Twelve weights, January first; only their proportions count. Empty: the same all year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A kind of cargo: its form, its value and its storage life."""

    id: Id
    """Name of the commodity, unique in the scenario."""
    title: str = ""
    """What tables and figures call it; the id where empty."""
    form: Form
    """How it travels: bulk, break-bulk, container (dry), reefer or dangerous; decides which vehicles may carry it."""
    value: PricePerTonne
    """Customs value per tonne, for duty, insurance, inventory holding and spoilage."""
    teu_load: TonnesPerTeu | None = None
    """Tonnes in one twenty-foot equivalent unit; needed for containers and reefers, absent for the rest."""
    plugs_per_teu: Multiplier = 0.0
    """Reefer plugs that one TEU of it needs on board (a forty-foot box is two TEU and one plug: 0.5)."""
    stowage: CubicMetresPerTonne = 0.0
    """Hold volume per tonne; 0 where volume never binds."""
    storage_life: PositiveSeconds | None = None
    """Time from release to worthless at `storage_temperature`; absent: it does not spoil."""
    storage_temperature: Celsius = 0.0
    """Temperature at which `storage_life` is stated."""
    carriage_temperature: Celsius = 0.0
    """Temperature it is kept at under way."""
    q10: PositiveMultiplier = 2.5
    """Factor by which ageing quickens for every 10 degrees."""
