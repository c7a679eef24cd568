"""Writes the holiday files in `sim/world/holidays/` with the `holidays` package: ``python docs/make_holidays.py``.

A file is rewritten only when its holidays differ from those it has, so that its date says when they last changed.
"""

import sys
import tomllib
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import holidays

FOLDER = Path(__file__).parent.parent / "sim" / "world" / "holidays"
COUNTRIES = {"IR": "Iran", "KZ": "Kazakhstan"}
YEARS = range(2019, 2031)


def public_holidays(country: str, year: int) -> dict[date, str]:
    """Public holidays of a country that fall on dates of `year`, weekly days of rest not counted, names in English."""
    return dict(sorted(holidays.country_holidays(country, years=year, language="en_US", observed=True).items()))


def text_of(country: str, year: int, days: dict[date, str]) -> str:
    """The file, from its heading to the last holiday."""
    heading = (
        f"# Public holidays of {COUNTRIES[country]} in {year}. Written by docs/make_holidays.py; do not edit.\n"
        "# 'estimated' marks a date that hangs on the sighting of the moon. Weekly days of rest stand in the scenarios.\n"
        f'source = "Python package holidays {version("holidays")}"\n'
        f"generated = {datetime.now(UTC).date()}\n"
        "holidays = [\n"
    )
    lines = [f'    {{ date = {day}, name = "{name.replace(chr(34), chr(39))}" }},\n' for day, name in days.items()]
    return heading + "".join(lines) + "]\n"


def main() -> None:
    """Writes what has changed and says which files."""
    FOLDER.mkdir(exist_ok=True)
    for country in COUNTRIES:
        for year in YEARS:
            file, days = FOLDER / f"{country}-{year}.toml", public_holidays(country, year)
            held = tomllib.loads(file.read_text(encoding="utf-8"))["holidays"] if file.exists() else []
            if days != {holiday["date"]: holiday["name"] for holiday in held}:
                file.write_text(text_of(country, year, days), encoding="utf-8", newline="\n")
                sys.stdout.write(f"{file.name}: {len(days)} days\n")


if __name__ == "__main__":
    main()
