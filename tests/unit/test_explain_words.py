"""The sentences, word for word: plain, exact, and without the patient's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.explain import Cause, Names, NurseWhyNot, Sentences, WhyNot, time_planned, words
from scheduler.model import Gate, GateKind, Lag, Mode, Spacing, Task
from tests.support.problems import HOUR, MINUTE, at, street, task, window


def clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


NAMES = Names(
    clock=clock,
    nurses={"ana": "Ana Ruiz", "ben": "Ben Cole", "cleo": "Cleo Park"},
    credentials={"picc": "PICC-line access", "acls": "ACLS"},
    notes={("ana", "picc"): "expired on Nov 20"},
)
TASK = task("t", "p", 60, window(at(9), at(11)))


def entry(nurse: str, cause: Cause, **more: object) -> NurseWhyNot:
    return replace(
        NurseWhyNot(task="t", shift=f"s-{nurse}", nurse=nurse, cause=cause, hours=(at(8), at(16))), **more
    )


def said(*entries: NurseWhyNot, task: Task = TASK) -> Sentences:
    """About a visit of one task."""
    return words(WhyNot(visit="v", modes=(Mode(id="only", tasks=(task,)),), nurses=entries), NAMES)


def lacking(nurse: str, *codes: str, **more: object) -> NurseWhyNot:
    return entry(nurse, Cause.CREDENTIAL, missing=codes, **more)


def shut(nurse: str, kind: GateKind, until: int = 0) -> NurseWhyNot:
    """The gate is not open when this nurse could come."""
    return entry(nurse, Cause(kind.value), gate=Gate(kind=kind, since=HOUR, until=HOUR + until))


SESSIONS = Spacing(first="s1", then="s2", min_s=48 * HOUR, max_s=96 * HOUR)
FOLLOW_UP = Spacing(first="s1", then="f1", min_s=20 * HOUR, max_s=28 * HOUR + 30 * MINUTE, needs_first=True)

OTHERS = [lacking(f"n{index}", "picc") for index in range(18)]

SUMMARIES: list[tuple[str, list[NurseWhyNot]]] = [
    ("No nurse works that day.", []),
    (
        "No nurse working that day holds PICC-line access: Ana Ruiz's expired on Nov 20; "
        "18 others do not have it.",
        [lacking("ana", "picc"), *OTHERS],
    ),
    (
        "No nurse working that day holds PICC-line access: Ana Ruiz's expired on Nov 20; "
        "one other does not have it.",
        [lacking("ben", "acls", "picc"), lacking("ana", "acls", "picc")],
    ),
    ("No nurse working that day holds ACLS.", [lacking("ana", "acls"), lacking("ben", "acls", "picc")]),
    (
        "No nurse working that day holds all of ACLS and PICC-line access.",
        [lacking("ana", "acls"), lacking("ben", "picc")],
    ),
    ("Every nurse working that day is barred from this patient.", [entry("ana", Cause.BARRED)]),
    (
        "Only Ana Ruiz is qualified, but barred from this patient.",
        [entry("ana", Cause.BARRED), lacking("ben", "picc")],
    ),
    (
        "Only Ana Ruiz and Ben Cole are qualified, but barred from this patient.",
        [entry("ana", Cause.BARRED), entry("ben", Cause.BARRED), lacking("cleo", "picc")],
    ),
    (
        "Four nurses are qualified, but all are barred from this patient.",
        [*(entry(f"n{index}", Cause.BARRED) for index in range(4)), lacking("cleo", "picc")],
    ),
    (
        "No nurse working that day holds ACLS.",
        [entry("ana", Cause.BARRED, missing=("acls",)), lacking("ben", "acls")],
    ),
    (
        "The only qualified nurse, Ana Ruiz, is full between 9:00 and 12:00.",
        [entry("ana", Cause.NO_ROOM), lacking("ben", "picc")],
    ),
    (
        "The only nurse working that day, Ana Ruiz, already has 3 visits, the most allowed.",
        [entry("ana", Cause.MOST_VISITS, most_visits=3)],
    ),
    (
        "Three nurses are qualified; all are full between 9:00 and 12:00.",
        [*(entry(nurse, Cause.NO_ROOM) for nurse in ("ana", "ben", "cleo")), lacking("dora", "picc")],
    ),
    (
        "Two nurses are qualified; all work at the wrong hours for a visit between 9:00 and 12:00.",
        [entry("ana", Cause.WINDOW_OUTSIDE_SHIFT), entry("ben", Cause.WINDOW_OUTSIDE_SHIFT)],
    ),
    (
        "Four nurses are qualified: two are full between 9:00 and 12:00, one has the most visits allowed "
        "and one has too short a shift for the stay and its drives.",
        [
            entry("ana", Cause.SHIFT_HOURS),
            entry("ben", Cause.MOST_VISITS, most_visits=1),
            entry("cleo", Cause.NO_ROOM),
            entry("dora", Cause.NO_ROOM),
        ],
    ),
    (
        "It is fixed to Ben Cole, who is full at 9:30.",
        [
            entry("ana", Cause.PINNED_ELSEWHERE, pinned_nurse="ben", pinned_start=at(9, 30)),
            entry("ben", Cause.NO_ROOM, pinned_nurse="ben", pinned_start=at(9, 30)),
        ],
    ),
    (
        "It is fixed to Ana Ruiz, who lacks PICC-line access (expired on Nov 20).",
        [
            lacking("ana", "picc", pinned_nurse="ana"),
            entry("ben", Cause.PINNED_ELSEWHERE, pinned_nurse="ana"),
        ],
    ),
    ("No order is valid then.", [shut("ana", GateKind.ORDER), shut("ben", GateKind.ORDER), *OTHERS]),
    ("No prescriber can be reached then.", [shut("ana", GateKind.PRESCRIBER)]),
    (
        "The responsible adult is not there from discharge until 4 h later.",
        [shut("ana", GateKind.ADULT, until=4 * HOUR)],
    ),
    ("The responsible adult is not there at discharge.", [shut("ana", GateKind.ADULT)]),
    (
        "The coordinating psychiatrist's agreement is not on file then.",
        [shut("ana", GateKind.AGREEMENT)],
    ),
    ("The mania check after the last session is not on file then.", [shut("ana", GateKind.MANIA_CHECK)]),
    ("The visit that it follows is left out.", [entry("ana", Cause.FOLLOW_UP, spacing=FOLLOW_UP)]),
    (
        "It could only start less than 48 h after the session before.",
        [entry("ana", Cause.TOO_CLOSE, spacing=SESSIONS)],
    ),
    (
        "It could only start more than 96 h before the next session.",
        [entry("ana", Cause.TOO_FAR_APART, spacing=SESSIONS, after=False)],
    ),
    (
        "Four nurses are qualified: one has the most visits allowed, two have no hours left for it "
        "and one could only come when no order is valid.",
        [
            entry("ana", Cause.MOST_VISITS),
            entry("ben", Cause.HOUR_LIMIT),
            entry("cleo", Cause.HOUR_LIMIT),
            shut("dora", GateKind.ORDER),
        ],
    ),
    (
        "Two nurses are qualified; all would have too little rest between shifts.",
        [entry("ana", Cause.REST), entry("ben", Cause.REST)],
    ),
    (
        "Two nurses are qualified; all do not carry enough kit for it.",
        [entry("ana", Cause.STOCK, missing=("kit",)), entry("ben", Cause.STOCK, missing=("kit",))],
    ),
    (
        "It is fixed to Ana Ruiz, who could only come when no order is valid.",
        [
            replace(shut("ana", GateKind.ORDER), pinned_nurse="ana"),
            entry("ben", Cause.PINNED_ELSEWHERE, pinned_nurse="ana"),
        ],
    ),
    (
        "It would fit into the plan as it is: Ana Ruiz could start between 9:00 and 9:40. "
        "Plan again, or place it by hand.",
        [entry("ana", Cause.FITS, starts=((at(9), at(9, 40)),)), lacking("ben", "picc")],
    ),
]


@pytest.mark.parametrize(("summary", "entries"), SUMMARIES, ids=[summary for summary, _ in SUMMARIES])
def test_the_summary_says_it_at_once(summary: str, entries: list[NurseWhyNot]) -> None:
    assert said(*entries).summary == summary


PREDICATES: list[tuple[str, NurseWhyNot]] = [
    ("is barred from this patient", entry("ana", Cause.BARRED)),
    ("lacks ACLS and PICC-line access (expired on Nov 20)", lacking("ana", "acls", "picc")),
    ("lacks venesection", lacking("ana", "venesection")),
    (
        "cannot take it, as it is fixed to Ben Cole",
        entry("ana", Cause.PINNED_ELSEWHERE, pinned_nurse="ben"),
    ),
    (
        "was to start at 7:30, but the visit must lie between 9:00 and 12:00",
        entry("ana", Cause.PIN_OUTSIDE_WINDOW, pinned_nurse="ana", pinned_start=at(7, 30)),
    ),
    (
        "works from 8:00 to 16:00, but the visit must lie between 9:00 and 12:00",
        entry("ana", Cause.WINDOW_OUTSIDE_SHIFT),
    ),
    (
        "works from 8:00 to 16:00, too short for the visit between 9:00 and 12:00 with its drives",
        entry("ana", Cause.SHIFT_HOURS),
    ),
    ("could only come when no order is valid", shut("ana", GateKind.ORDER)),
    ("could only come when no prescriber can be reached", shut("ana", GateKind.PRESCRIBER)),
    (
        "could only come when the responsible adult is not there from discharge until 1 h 30 min later",
        shut("ana", GateKind.ADULT, until=90 * MINUTE),
    ),
    (
        "could only come when the coordinating psychiatrist's agreement is not on file",
        shut("ana", GateKind.AGREEMENT),
    ),
    (
        "could only come when the mania check after the last session is not on file",
        shut("ana", GateKind.MANIA_CHECK),
    ),
    (
        "cannot come, as the visit that it follows is left out",
        entry("ana", Cause.FOLLOW_UP, spacing=FOLLOW_UP),
    ),
    (
        "could only start less than 48 h before the next session",
        entry("ana", Cause.TOO_CLOSE, spacing=SESSIONS, after=False),
    ),
    (
        "could only start less than 20 h before the visit that follows it",
        entry("ana", Cause.TOO_CLOSE, spacing=FOLLOW_UP, after=False),
    ),
    (
        "could only start more than 28 h 30 min after the visit that it follows",
        entry("ana", Cause.TOO_FAR_APART, spacing=FOLLOW_UP),
    ),
    ("has no hours left for it", entry("ana", Cause.HOUR_LIMIT)),
    ("would have too little rest between her shifts", entry("ana", Cause.REST)),
    ("does not carry enough kit and vial for it", entry("ana", Cause.STOCK, missing=("kit", "vial"))),
    ("takes no visits that day", entry("ana", Cause.MOST_VISITS, most_visits=0)),
    ("already has 1 visit, the most allowed", entry("ana", Cause.MOST_VISITS, most_visits=1)),
    ("is full between 9:00 and 12:00", entry("ana", Cause.NO_ROOM)),
    (
        "has room to start at 9:00 or between 10:00 and 10:05, but nobody else has room to match",
        entry("ana", Cause.PAIR_PARTNER, starts=((at(9), at(9)), (at(10), at(10, 5)))),
    ),
    ("could start at 9:00", entry("ana", Cause.FITS, starts=((at(9), at(9)),))),
]


@pytest.mark.parametrize(("predicate", "about"), PREDICATES, ids=[predicate for predicate, _ in PREDICATES])
def test_each_nurses_reason_reads_on_from_her_name(predicate: str, about: NurseWhyNot) -> None:
    assert said(about).nurses == (("ana", predicate),)


def test_every_cause_has_its_words() -> None:
    assert {about.cause for _, about in PREDICATES} == set(Cause)


def test_the_nearest_nurse_comes_first() -> None:
    nurses = said(
        lacking("ana", "picc"), entry("ben", Cause.NO_ROOM), entry("cleo", Cause.SHIFT_HOURS)
    ).nurses
    assert [nurse for nurse, _ in nurses] == ["ben", "cleo", "ana"]


def test_a_nurse_with_two_shifts_is_spoken_of_once_by_the_nearer_one() -> None:
    first, second = entry("ana", Cause.WINDOW_OUTSIDE_SHIFT), entry("ana", Cause.NO_ROOM, shift="s-more")
    assert said(first, second).nurses == (("ana", "is full between 9:00 and 12:00"),)


@pytest.mark.parametrize(
    ("windows", "phrase"),
    [
        ((window(at(9), at(11), at(11, 30)),), "between 9:00 and 11:30"),
        (
            (window(at(9), at(10)), window(at(14), at(15))),
            "between 9:00 and 11:00 or between 14:00 and 16:00",
        ),
        ((window(at(9), at(10)), window(at(10, 30), at(12))), "between 9:00 and 13:00"),
        ((window(at(9), at(10), soft=True), window(at(14), at(15), soft=True)), "after 9:00"),
    ],
)
def test_windows_are_said_as_the_time_of_the_whole_stay(windows: tuple[object, ...], phrase: str) -> None:
    ((_, predicate),) = said(entry("ana", Cause.NO_ROOM), task=TASK.replace(windows=windows)).nurses
    assert predicate == f"is full {phrase}"


def pair(*entries: NurseWhyNot) -> str:
    """About a visit that takes two nurses at once."""
    tasks = (TASK, TASK.replace(id="u"))
    mode = Mode(id="pair", tasks=tasks, lags=(Lag(first="t", then="u"),))
    return words(WhyNot(visit="v", modes=(mode,), nurses=entries), NAMES).summary


def both(nurse: str, cause: Cause, **more: object) -> tuple[NurseWhyNot, NurseWhyNot]:
    """The same for both tasks."""
    return entry(nurse, cause, **more), entry(nurse, cause, task="u", **more)


ROOM = ((at(9), at(9, 30)),)


def test_a_pair_with_one_qualified_nurse() -> None:
    entries = (
        *both("ana", Cause.PAIR_PARTNER, starts=ROOM),
        *both("ben", Cause.CREDENTIAL, missing=("acls",)),
    )
    assert pair(*entries) == "It takes two nurses, and only Ana Ruiz is qualified."


def test_a_pair_with_one_free_nurse() -> None:
    entries = (*both("ana", Cause.PAIR_PARTNER, starts=ROOM), *both("ben", Cause.NO_ROOM))
    assert pair(*entries) == "It takes two nurses, and only Ana Ruiz has room."


def test_a_pair_whose_times_do_not_match() -> None:
    entries = (*both("ana", Cause.PAIR_PARTNER, starts=ROOM), *both("ben", Cause.PAIR_PARTNER, starts=ROOM))
    assert pair(*entries) == "It takes two nurses: for each part someone has room, but not at matching times."


def test_a_pair_with_nobody_for_one_part() -> None:
    entries = (
        entry("ana", Cause.PAIR_PARTNER, starts=ROOM),
        entry("ana", Cause.CREDENTIAL, task="u", missing=("acls",)),
    )
    assert pair(*entries) == "It takes two nurses. No nurse working that day holds ACLS."


def test_a_pair_that_fits() -> None:
    entries = (*both("ana", Cause.FITS, starts=ROOM), *both("ben", Cause.FITS, starts=ROOM))
    assert pair(*entries) == (
        "It would fit into the plan as it is: several nurses have room at matching times, "
        "Ana Ruiz among them. Plan again, or place it by hand."
    )


def test_of_several_modes_the_nearest_is_spoken_of() -> None:
    through, handoff = TASK, (TASK.replace(id="u"), TASK.replace(id="w"))
    modes = (Mode(id="through", tasks=(through,)), Mode(id="hand-off", tasks=handoff))
    entries = (
        lacking("ana", "acls"),
        entry("ana", Cause.NO_ROOM, task="u"),
        entry("ana", Cause.PAIR_PARTNER, task="w", starts=ROOM),
    )
    found = words(WhyNot(visit="v", modes=modes, nurses=entries), NAMES)
    assert found.summary == (
        "It takes two nurses. The only nurse working that day, Ana Ruiz, is full between 9:00 and 12:00."
    )


def test_what_has_no_name_is_shown_by_its_id() -> None:
    about = entry("n7", Cause.PINNED_ELSEWHERE, pinned_nurse="n8")
    assert words(
        WhyNot(visit="v", modes=(Mode(id="only", tasks=(TASK,)),), nurses=(about,)), Names(clock=clock)
    ).nurses == (("n7", "cannot take it, as it is fixed to n8"),)


def test_many_windows_are_counted_not_listed() -> None:
    days = [window(at(24 * day + 9), at(24 * day + 11)) for day in range(5)]
    (only,) = said(entry("ana", Cause.NO_ROOM), task=task("t", "p", 60, *days)).nurses
    assert only == ("ana", "is full in one of its five windows from 9:00 to 108:00")


def test_the_time_that_was_planned_is_named() -> None:
    names = replace(NAMES, when="in these ten days")
    assert words(WhyNot(visit="v", modes=(), nurses=()), names).summary == "No nurse works in these ten days."


def test_a_gate_that_is_shut_for_a_hand_over_is_no_matter_of_nurses() -> None:
    first, then = task("t", "p", 60), task("u", "p", 60)
    mode = Mode(id="both", tasks=(first, then), lags=(Lag(first="t", then="u"),))
    nurses = (shut("ana", GateKind.ORDER), entry("ben", Cause.PAIR_PARTNER, task="u", starts=((0, 1),)))
    said = words(WhyNot(visit="v", modes=(mode,), nurses=(*nurses, lacking("ben", "picc"))), NAMES)
    assert said.summary == "No order is valid then."


def test_the_days_from_the_first_shift_to_the_last_are_counted() -> None:
    assert time_planned(street()) == "that day"
    day = at(24 * 9)
    later = [
        each.replace(id=f"later-{each.id}", start=each.start + day, end=each.end + day, break_=None)
        for each in street().shifts
    ]
    assert time_planned(street().replace(shifts=(*street().shifts, *later))) == "in these ten days"
    assert time_planned(street().replace(shifts=())) == "that day"
