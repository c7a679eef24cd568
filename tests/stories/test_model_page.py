"""The page about the model cannot lie about the law."""

from docs.draw_law import LAWS, PAGE, diagram, drawn
from sim.events import Kind
from tests.stories.telling import lines


def test_the_page_shows_the_law_as_it_stands() -> None:
    """docs/model.md holds exactly the diagrams drawn from the tables; `python docs/draw_law.py` renews them."""
    page = PAGE.read_text(encoding="utf-8")

    assert all(f"```mermaid\n{diagram(law, first)}\n```" in page for law, first in LAWS.values())
    assert drawn(page) == page


def test_a_law_is_drawn_from_its_first_event_to_those_that_nothing_follows() -> None:
    """An arrow for each event that may follow another."""
    law = {Kind.RELEASED: frozenset({Kind.WAITING, Kind.DELIVERED}), Kind.WAITING: frozenset({Kind.DELIVERED}),
           Kind.DELIVERED: frozenset[Kind]()}  # fmt: skip

    assert [line.strip() for line in diagram(law, Kind.RELEASED).splitlines()] == lines("""
        stateDiagram-v2
        [*] --> RELEASED
        RELEASED --> WAITING
        RELEASED --> DELIVERED
        WAITING --> DELIVERED
        DELIVERED --> [*]
    """)
