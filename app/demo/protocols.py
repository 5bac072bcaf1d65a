"""The demo's protocols and the credentials they ask for."""

from __future__ import annotations

from app.demo.rows import DemoProtocol

LICENSE = "RN license (OH)"
KETAMINE = "IV ketamine competency"
ACLS = "ACLS"
PICC = "PICC access"
SPANISH = "Bilingual (Spanish)"
PEDIATRICS = "Pediatrics"


def _protocol(
    code: str, name: str, minutes: tuple[int, int, int, int, int], *credentials: str, staff: int = 1
) -> DemoProtocol:
    kinds = ("arrival", "iv_start", "infusion", "monitoring", "discharge")
    return DemoProtocol(
        code=code,
        name=name,
        phases=tuple(zip(kinds, minutes, strict=True)),
        credentials=(LICENSE, *credentials),
        staff=staff,
    )


MAINTENANCE = _protocol("KET-M", "Ketamine maintenance, 40 min", (10, 10, 40, 60, 10), KETAMINE)
ADOLESCENT = _protocol("KET-ADO", "Ketamine, adolescent", (15, 10, 40, 90, 15), KETAMINE, PEDIATRICS)
TOGETHER = _protocol("KET-2N", "Ketamine with two nurses", (15, 10, 40, 60, 15), KETAMINE, staff=2)

EVERYDAY = (
    (MAINTENANCE, 6),
    (_protocol("KET-40", "Ketamine series, 40 min", (15, 10, 40, 60, 10), KETAMINE), 6),
    (_protocol("KET-50", "Ketamine series, 50 min", (10, 10, 50, 60, 10), KETAMINE), 4),
    (_protocol("KET-ES", "Ketamine series in Spanish", (15, 10, 40, 60, 10), KETAMINE, SPANISH), 3),
    (_protocol("KET-PICC", "Ketamine through a PICC line", (15, 10, 40, 60, 15), KETAMINE, PICC), 3),
    (_protocol("IRON-40", "Iron infusion, 40 min", (10, 10, 40, 60, 10)), 1),
    (_protocol("KET-40L", "Ketamine series, long monitoring", (10, 10, 40, 90, 10), KETAMINE), 5),
    (_protocol("KET-60", "Ketamine series, 60 min", (15, 10, 60, 90, 10), KETAMINE, ACLS), 8),
    (_protocol("KET-1ST", "First ketamine infusion", (15, 10, 60, 120, 15), KETAMINE, ACLS), 7),
)
"""What most visits are, with how often each is drawn beside the others."""

PROTOCOLS = (*(protocol for protocol, _ in EVERYDAY), TOGETHER, ADOLESCENT)
SHORTEST = min(protocol.minutes for protocol, _ in EVERYDAY)
