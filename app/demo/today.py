"""The demo's today: a small day around the present hour, planned and published, that is under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from app.actions import plans, runs
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import local_date, zone_of
from app.demo import courses, people, places, protocols
from app.demo.rows import Spot
from app.engines import make_travel
from app.store.engine import Tx
from app.store.mapping import ids, load_day
from app.store.models import Nurse, Patient, Protocol, Region, Visit, VisitWindow
from app.store.models.nurse import Availability, AvailabilityException
from app.store.models.run import RunTrigger
from app.store.queries import planning
from scheduler.disruption.skeleton import Skeleton
from scheduler.model import Plan, Problem
from scheduler.plan_day import InfeasiblePlan, judged
from scheduler.travel import TravelMatrix

FROM = time(5)
"""Before this, by the clinic's clock, the day around the present hour would begin yesterday."""

LAST_HOME, LAST_HOME_OF_THE_WEEK = time(20), time(23, 30)
"""The nurses are home by then: where they work on the next day, they must have rested."""

STARTS = ((-240, -75, 90), (-30, 150), (-200, -40))
"""Of each nurse's visits, in minutes from now: the first one has done one and monitors the next; the second
should have begun; the third gives an infusion."""

BEFORE, AFTER, HOME = 30, 45, 40
"""Minutes from leaving home to the first visit, from a start to the latest one, from the last visit home."""


def is_made(tx: Tx, region: Region, day: date) -> bool:
    """Whether the day is one of these: no night plans it."""
    visits = planning.booked_visits(tx, region.id, day)
    return bool(visits) and all(visit.code.startswith("T") for visit in visits)


def may_begin(now: datetime, zone: str) -> bool:
    """Whether the hour allows for it."""
    local = now.astimezone(zone_of(zone))
    return local.time() >= FROM and _fits(now + timedelta(minutes=max(each[0] for each in STARTS)), zone)


def make(tx: Tx, region: Region, actor: Actor, nurses: Sequence[Nurse]) -> None:
    """Book, plan and publish today for these nurses. Raises ActionError where that cannot be."""
    now = utc_now()
    day = local_date(now, zone_of(region.zone))
    protocol = planning.protocol_by_code(tx, region.id, protocols.MAINTENANCE.code)
    if protocol is None:
        raise ActionError(f"protocol {protocols.MAINTENANCE.code} is gone")
    rng = Random(f"today/{day}")
    names = iter(people.full_names(rng, sum(map(len, STARTS))))
    tasks: dict[str, list[str]] = {}
    for number, (nurse, starts) in enumerate(zip(nurses, STARTS, strict=False)):
        begins = [each for each in (_at(now, start) for start in starts) if _fits(each, region.zone)]
        nurse.exceptions.append(_hours(begins, day, region))
        for place, start in enumerate(begins):
            home = places.home(rng, places.nearest(_spot(nurse), 1)[0])
            code = f"{day:%m%d}-{number + 1}{place + 1}"
            visit = _visit(region, protocol, code, next(names), home, start, day)
            tx.add(visit)
            tx.flush()
            courses.accompany(tx, visit, 10 * number + place, confirmed=True)
            tasks.setdefault(ids.shift_id(nurse.id), []).append(ids.task_id(visit.id, 1))
    tx.flush()
    _publish(tx, region, actor, day, tasks, now)


def crew(tx: Tx, region: Region, first: Nurse, day: date) -> list[Nurse]:
    """The first nurse and as many others as it takes who may give what the day's visits ask for."""
    asked = set(protocols.MAINTENANCE.credentials)
    others = (nurse for nurse in planning.nurses(tx, region.id) if nurse.id != first.id and nurse.active)
    able = [nurse for nurse in others if asked <= _kinds(nurse, day)]
    return [first, *able][: len(STARTS)]


def _kinds(nurse: Nurse, day: date) -> set[str]:
    return {
        proof.kind
        for proof in nurse.credentials
        if proof.valid_from <= day and (proof.expires_on is None or day <= proof.expires_on)
    }


def _publish(
    tx: Tx, region: Region, actor: Actor, day: date, tasks: dict[str, list[str]], now: datetime
) -> None:
    loaded = load_day(tx, region, day)
    matrix = make_travel(region).matrix(loaded.problem.places)
    plan = _plan(loaded.problem, matrix, tasks)
    run = runs.queue(tx, region, day, RunTrigger.COMMAND, now=now)
    if plan is None or run is None:
        raise ActionError("its visits do not fit into the nurses' hours")
    runs.begin(run, "demo", now)
    try:
        made = judged(loaded.problem, matrix, plan)
    except InfeasiblePlan as error:
        raise ActionError(str(error)) from None
    draft = plans.store_draft(tx, run.id, loaded, made, now)
    assert draft is not None, "the run has just begun"
    plans.publish(tx, actor, draft.id)


def _plan(problem: Problem, matrix: TravelMatrix, tasks: dict[str, list[str]]) -> Plan | None:
    """Each nurse's visits in order, each as early as may be."""
    known = problem.task_by_id
    if not all(task in known for mine in tasks.values() for task in mine):
        return None
    skeleton = Skeleton(
        matrix=matrix,
        tasks={shift: tuple(known[task] for task in mine) for shift, mine in tasks.items()},
        floors={},
    )
    made = [way for shift in problem.shifts if (way := skeleton.made(shift)) is not None]
    if len(made) != len(tasks) or any(way.missed for way in made):
        return None
    return Plan(routes=tuple(way.route for way in made))


def _at(now: datetime, minutes: int) -> datetime:
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    return moment - timedelta(minutes=moment.minute % 5)


def _fits(start: datetime, zone: str) -> bool:
    """Whether she is home early enough after it."""
    local = start.astimezone(zone_of(zone))
    home = local + timedelta(minutes=protocols.MAINTENANCE.minutes + HOME)
    last = LAST_HOME if (local.weekday() + 1) % 7 < 5 else LAST_HOME_OF_THE_WEEK
    return home.date() == local.date() and home.time() <= last


def _hours(begins: Sequence[datetime], day: date, region: Region) -> AvailabilityException:
    zone = zone_of(region.zone)
    first = begins[0] - timedelta(minutes=BEFORE)
    last = begins[-1] + timedelta(minutes=protocols.MAINTENANCE.minutes + HOME)
    return AvailabilityException(
        day=day,
        kind=Availability.HOURS,
        start_time=first.astimezone(zone).time(),
        end_time=last.astimezone(zone).time(),
        reason="The demo's today",
    )


def _spot(nurse: Nurse) -> Spot:
    return Spot(address=nurse.address, latitude=nurse.latitude, longitude=nurse.longitude)


def _visit(
    region: Region, protocol: Protocol, code: str, name: str, home: Spot, start: datetime, day: date
) -> Visit:
    patient = Patient(
        region_id=region.id,
        code=f"PT{code}",
        name=name,
        phone=people.phone(int(code[-2:])),
        address=home.address,
        latitude=home.latitude,
        longitude=home.longitude,
        access_notes=people.ACCESS_NOTES[int(code[-2:]) % len(people.ACCESS_NOTES)],
    )
    window = VisitWindow(earliest_start=start, latest_start=start + timedelta(minutes=AFTER))
    return Visit(
        region_id=region.id,
        code=f"T{code}",
        patient=patient,
        version=protocol.newest,
        day=day,
        zone=region.zone,
        windows=[window],
    )
