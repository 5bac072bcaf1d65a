"""A hand-over leaves no gap and keeps the patient's windows exactly where one nurse throughout would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.store.mapping.modes import modes_of
from app.store.models import Patient, PhaseMinimum, ProtocolPhase, ProtocolVersion, Visit
from app.store.models.protocol import PhaseKind
from scheduler.model import Task, Window

BEFORE = (PhaseKind.ARRIVAL, PhaseKind.IV_START, PhaseKind.INFUSION)
minutes = st.integers(1, 120)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """A visit that may be handed over, with a patient who may need longer phases."""
    kinds = [*draw(st.lists(st.sampled_from(BEFORE), min_size=0, max_size=4)), PhaseKind.INFUSION]
    kinds += [PhaseKind.MONITORING, *draw(st.lists(st.just(PhaseKind.DISCHARGE), max_size=1))]
    lasting = [draw(minutes) for _ in kinds]
    phases = [
        ProtocolPhase(kind=kind, minutes=long, credentials=[])
        for kind, long in zip(kinds, lasting, strict=True)
    ]
    monitoring = lasting[kinds.index(PhaseKind.MONITORING)]
    version = ProtocolVersion(
        staff=1,
        hand_over=True,
        overlap_minutes=draw(st.integers(0, monitoring)),
        credentials=[],
        kit=[],
        drug_units=(),
        phases=phases,
    )
    minimums = draw(st.dictionaries(st.sampled_from(PhaseKind), minutes, max_size=3))
    patient = Patient(
        phase_minimums=[PhaseMinimum(kind=kind, minutes=long) for kind, long in minimums.items()]
    )
    return Visit(id=1, patient_id=1, patient=patient, version=version)


@st.composite
def windows(draw: st.DrawFn, length: int) -> list[Window]:
    """One to three windows in which a visit of `length` seconds has room."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        earliest = draw(st.integers(0, 60_000))
        end = draw(st.none() | st.integers(earliest + length, earliest + length + 20_000))
        latest = earliest + draw(st.integers(0, 30_000))
        found.append(Window(earliest_start=earliest, latest_start=latest, latest_end=end))
    return sorted(found, key=lambda window: window.earliest_start)


def keeps(task: Task, start: int) -> bool:
    return any(
        window.earliest_start <= start <= window.latest_start
        and (window.latest_end is None or start + task.duration <= window.latest_end)
        for window in task.windows
    )


@given(st.data(), visits())
def test_the_stays_cover_the_visit_and_overlap_as_the_protocol_says(
    data: st.DataObject, visit: Visit
) -> None:
    throughout, shared = modes_of(visit, data.draw(windows(visit.minutes * 60)), "OH")
    (whole,), (giver, taker), (lag,) = throughout.tasks, shared.tasks, shared.lags
    assert lag.min_s == lag.max_s
    assert lag.min_s + taker.duration == whole.duration
    assert giver.duration - lag.min_s == visit.version.overlap_minutes * 60
    for task in (whole, giver, taker):
        assert task.duration == sum(phase.duration for phase in task.phases)


@given(st.data(), visits())
def test_the_stays_keep_windows_where_one_nurse_would(data: st.DataObject, visit: Visit) -> None:
    wanted = data.draw(windows(visit.minutes * 60))
    throughout, shared = modes_of(visit, wanted, "OH")
    (whole,), (giver, taker) = throughout.tasks, shared.tasks
    edges = [
        edge
        for window in wanted
        for edge in (window.earliest_start, window.latest_start, (window.latest_end or 0) - whole.duration)
    ]
    start = data.draw(st.sampled_from(edges)) + data.draw(st.integers(-2, 2))
    both = keeps(giver, start) and keeps(taker, start + shared.lags[0].min_s)
    assert both == keeps(whole, start)


@given(visits())
def test_phases_never_get_shorter_and_reach_the_patients_minimums(visit: Visit) -> None:
    for phase, stored in zip(visit.phases, visit.version.phases, strict=True):
        assert phase.minutes >= stored.minutes
    for minimum in visit.patient.phase_minimums:
        lasts = [phase.minutes for phase in visit.phases if phase.kind is minimum.kind]
        usual = sum(phase.minutes for phase in visit.version.phases if phase.kind is minimum.kind)
        assert not lasts or sum(lasts) == max(usual, minimum.minutes)
