"""The benchmark of the time per move: its figures and its page, not the time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.moves import KINDS, Run, exponent, picture, prepared, ratios, report


def runs(power: float) -> list[Run]:
    """Times that grow with the visits to `power`, on a machine that is twice as slow in the second turn."""
    return [
        Run(kind=kind, visits=visits, seed=0, turn=turn, seconds=1e-7 * visits**power * (turn + 1), load=1.0)
        for kind in KINDS
        for visits in (15, 60, 240, 1000)
        for turn in (0, 1)
    ]


@pytest.mark.parametrize("power", [0.0, 0.3, 1.0, 1.5])
def test_the_exponent_is_that_of_the_growth(power: float) -> None:
    assert exponent(ratios(runs(power), "plain")) == pytest.approx(power)


def test_a_slow_turn_does_not_change_the_ratios() -> None:
    assert ratios(runs(1.0), "plain")[240] == pytest.approx([16, 16])


def test_the_page_has_a_line_a_size_and_kind_and_says_the_growth() -> None:
    page = report(runs(0.5), "suburbs", 1000)
    assert "power **0.50**" in page
    assert len([line for line in page.splitlines() if line.startswith(("| plain", "| hand-offs"))]) == 8


def test_the_plot_is_an_image_with_a_reference_line() -> None:
    root = ElementTree.fromstring(picture(runs(0.5)))
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"linear", "plain", "hand-offs", "15", "1000"} <= set(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_is_prepared_and_annealed(kind: str) -> None:
    day = prepared(kind, 15, "city", 0)
    assert day.start.routes
    assert day.annealer.improve(day.start, moves=100).moves == 100
