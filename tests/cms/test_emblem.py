"""The emblem of the Union, measured against its published geometry."""

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

FILES = ["eu-sv", "eu-sv-dark", "eu-en", "eu-en-dark"]
SVG = "{http://www.w3.org/2000/svg}"


def _parts(name: str) -> dict[str, ElementTree.Element]:
    path = Path(settings.BASE_DIR) / "static" / "emblem" / f"{name}.svg"
    root = ElementTree.fromstring(path.read_text())
    return {part.get("id", part.tag.removeprefix(SVG)): part for part in root}


def _points(path: str) -> list[tuple[float, float]]:
    pairs = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in pairs]


@pytest.mark.parametrize("name", FILES)
def test_twelve_upright_stars_on_a_circle(name: str) -> None:
    parts = _parts(name)
    field = re.fullmatch(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-\3z", parts["field"].get("d", ""))
    assert field is not None
    x, y, width, height = map(float, field.groups())
    assert width == pytest.approx(height * 1.5)
    assert parts["field"].get("fill") == "#003399"
    assert parts["stars"].get("fill") == "#FFCC00"
    stars = [_points(star.get("d", "")) for star in parts["stars"]]
    assert len(stars) == 12
    for hour, star in enumerate(stars):
        angle = math.radians(30 * hour)
        centre_x = x + width / 2 + height / 3 * math.sin(angle)
        centre_y = y + height / 2 - height / 3 * math.cos(angle)
        # The first point is straight above the centre, an eighteenth of the height away.
        assert star[0] == pytest.approx((centre_x, centre_y - height / 18), abs=0.02)
        assert len(star) == 10
        for px, py in star[::2]:
            reach = math.hypot(px - centre_x, py - centre_y)
            assert reach == pytest.approx(height / 18, abs=0.02)


@pytest.mark.parametrize("name", FILES)
def test_the_statement_is_in_full_and_part_of_the_picture(name: str) -> None:
    parts = _parts(name)
    words = {
        "sv": "Medfinansieras av Europeiska unionen",
        "en": "Co-funded by the European Union",
    }
    assert parts["title"].text == words[name.split("-")[1]]
    assert len(parts["statement"].get("d", "")) > 1000
    # Reflex blue, black or white, nothing else (Annex IX 1.5).
    assert parts["statement"].get("fill") == ("#ffffff" if "dark" in name else "#003399")
