"""Draws the diagrams of `docs/model.md` from the law of events: ``python docs/draw_law.py``."""

from collections.abc import Mapping
from pathlib import Path

from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, Kind

PAGE = Path(__file__).parent / "model.md"
LAWS = {"consignment": (CONSIGNMENT_LAW, Kind.RELEASED), "vehicle": (VEHICLE_LAW, Kind.ARRIVED)}
"""By the word that marks its place in the page: each law, and the kind of event that it begins with."""


def diagram(law: Mapping[Kind, frozenset[Kind]], first: Kind) -> str:
    """A law as a Mermaid state diagram: an arrow for each event that may follow another, in the order of `Kind`."""
    arrows = [("[*]", first.name)]
    arrows += [(before.name, after.name) for before in sorted(law) for after in sorted(law[before])]
    arrows += [(last.name, "[*]") for last in sorted(law) if not law[last]]
    return "\n".join(["stateDiagram-v2", *(f"    {before} --> {after}" for before, after in arrows)])


def drawn(page: str) -> str:
    """The text of the page with its diagrams as the law has them now."""
    for word, (law, first) in LAWS.items():
        before, mark, after = page.partition(f"<!-- law of the {word} -->\n```mermaid\n")
        page = f"{before}{mark}{diagram(law, first)}\n```{after.partition('```')[2]}"
    return page


def main() -> None:
    """Writes the page anew."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
