"""The demo's protocols and the credentials they ask for."""

from __future__ import annotations

from app.demo.rows import DemoProtocol

LICENSE = "RN license"
KETAMINE = "IV ketamine competency"
ACLS = "ACLS"
PICC = "PICC access"
SPANISH = "Bilingual (Spanish)"
PEDIATRICS = "Pediatrics"
OBSERVATION = "Dissociative state observation"
"""Held by monitoring clinicians, who do not give infusions."""

MONITORING_REASON = "Blood pressure is slow to settle"
LONGER_MONITORING = 90
"""Minutes, for the patients with that reason."""


def _protocol(
    code: str,
    name: str,
    minutes: tuple[int, int, int, int, int],
    *infusion: str,
    whole: tuple[str, ...] = (),
    monitoring: tuple[str, ...] = (),
    staff: int = 1,
    hand_over: bool = False,
) -> DemoProtocol:
    kinds = ("arrival", "iv_start", "infusion", "monitoring", "discharge")
    return DemoProtocol(
        code=code,
        name=name,
        phases=tuple(zip(kinds, minutes, strict=True)),
        whole=(LICENSE, *whole),
        infusion=infusion,
        monitoring=monitoring,
        staff=staff,
        hand_over=hand_over,
    )


MAINTENANCE = _protocol("KET-M", "Ketamine maintenance, 40 min", (10, 10, 40, 60, 10), KETAMINE)
ADOLESCENT = _protocol("KET-ADO", "Ketamine, adolescent", (15, 10, 40, 90, 15), KETAMINE, whole=(PEDIATRICS,))
TOGETHER = _protocol("KET-2N", "Ketamine with two nurses", (15, 10, 40, 60, 15), KETAMINE, staff=2)
OBSERVED = _protocol(
    "KET-OBS",
    "Ketamine with observed recovery",
    (10, 10, 40, 60, 10),
    KETAMINE,
    monitoring=(OBSERVATION,),
    hand_over=True,
)
"""No nurse holds both, so each of its visits is handed over."""

EVERYDAY = (
    (MAINTENANCE, 6),
    (_protocol("KET-40", "Ketamine series, 40 min", (15, 10, 40, 60, 10), KETAMINE), 6),
    (_protocol("KET-50", "Ketamine series, 50 min", (10, 10, 50, 60, 10), KETAMINE), 4),
    (_protocol("KET-ES", "Ketamine series in Spanish", (15, 10, 40, 60, 10), KETAMINE, whole=(SPANISH,)), 3),
    (_protocol("KET-PICC", "Ketamine through a PICC line", (15, 10, 40, 60, 15), KETAMINE, PICC), 3),
    (_protocol("IRON-40", "Iron infusion, 40 min", (10, 10, 40, 60, 10)), 1),
    (
        _protocol(
            "KET-40L", "Ketamine series, long monitoring", (10, 10, 40, 90, 10), KETAMINE, hand_over=True
        ),
        5,
    ),
    (
        _protocol("KET-60", "Ketamine series, 60 min", (15, 10, 60, 90, 10), KETAMINE, ACLS, hand_over=True),
        8,
    ),
    (
        _protocol("KET-1ST", "First ketamine infusion", (15, 10, 60, 120, 15), KETAMINE, whole=(ACLS,)),
        7,
    ),
)
"""What most visits are, with how often each is drawn beside the others."""

PROTOCOLS = (*(protocol for protocol, _ in EVERYDAY), TOGETHER, ADOLESCENT, OBSERVED)
SHORTEST = min(protocol.minutes for protocol, _ in EVERYDAY)
