"""How records are put in words on lists and forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from app.clock import utc_now
from app.days import local_date
from app.exchange.widgets import PHASE_WORDS
from app.records.blueprint import blueprint
from app.store.models import Credential, PrescriberHours, VisitWindow, WeeklyShift
from app.store.models.protocol import PhaseKind
from app.web.context import zone
from app.web.times import clock, short_day

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SOON = timedelta(days=30)
"""A credential that expires within this time is pointed out."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A word and the kind of its colour."""

    text: str
    kind: str


def today() -> date:
    """The date in the actor's region."""
    return local_date(utc_now(), zone())


@blueprint.app_template_filter()
def clock_time(local: time) -> str:
    """ "8:05 AM"."""
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"


@blueprint.app_template_filter()
def clock_input(moment: datetime) -> str:
    """ "08:05", local time, as an input of a page takes it."""
    return f"{moment.astimezone(zone()):%H:%M}"


@blueprint.app_template_filter()
def hours_text(shift: WeeklyShift | PrescriberHours) -> str:
    """ "8:00 AM–4:30 PM"."""
    return f"{clock_time(shift.start_time)}–{clock_time(shift.end_time)}"


@blueprint.app_template_filter()
def week_lines(hours: Iterable[WeeklyShift | PrescriberHours]) -> list[str]:
    """["Mon–Fri 8:00 AM–4:30 PM"]: neighbouring days of equal hours together."""
    shifts = sorted(hours, key=lambda shift: shift.weekday)
    # Days in a row have the same difference between weekday and place in the list.
    runs = groupby(enumerate(shifts), key=lambda pair: (pair[1].weekday - pair[0], hours_text(pair[1])))
    return [_run_text([shift for _, shift in run]) for _, run in runs]


def _run_text(run: Sequence[WeeklyShift | PrescriberHours]) -> str:
    first, last = WEEK[run[0].weekday], WEEK[run[-1].weekday]
    days = first if first == last else f"{first}–{last}"
    return f"{days} {hours_text(run[0])}"


@blueprint.app_template_filter()
def expiry(credential: Credential) -> Badge | None:
    """What is to be pointed out about a credential's validity; None where all is well."""
    now, last = today(), credential.expires_on
    if last is not None and last < now:
        return Badge(f"Expired {dated(last)}", "danger")
    if credential.valid_from > now:
        return Badge(f"Valid from {dated(credential.valid_from)}", "info")
    if last is not None and last <= now + SOON:
        return Badge("Expires today" if last == now else f"Expires {dated(last)}", "warn")
    return None


@blueprint.app_template_filter()
def expiry_badges(credentials: Iterable[Credential]) -> list[Badge]:
    """At most one badge for the expired and one for the expiring ones."""
    kinds = [badge.kind for each in credentials if (badge := expiry(each)) is not None]
    words = (("danger", "expired"), ("warn", "expiring"))
    return [Badge(f"{kinds.count(kind)} {word}", kind) for kind, word in words if kind in kinds]


@blueprint.app_template_filter()
def phase_word(kind: PhaseKind) -> str:
    """ "IV start"."""
    return PHASE_WORDS[kind.value]


@blueprint.app_template_filter()
def dated(day: date) -> str:
    """ "Nov 24, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"


@blueprint.app_template_filter()
def near_day(day: date) -> str:
    """ "Tue, Nov 24", with the year where it is not this one."""
    return short_day(day) if day.year == today().year else f"{short_day(day)}, {day.year}"


@blueprint.app_template_filter()
def window_text(window: VisitWindow) -> str:
    """ "8:00 AM–10:30 AM, over by 1:00 PM"."""
    start = f"{clock(window.earliest_start)}–{clock(window.latest_start)}"
    return start if window.latest_end is None else f"{start}, over by {clock(window.latest_end)}"
