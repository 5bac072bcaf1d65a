"""The rules of a plan, one function each. docs/rules.md says them in words, with the codes."""

from collections.abc import Callable, Iterator

from scheduler.check.facts import Facts
from scheduler.check.report import Violation
from scheduler.check.rules import breaks, courses, gates, nurses, service, times, workdays

Rule = Callable[[Facts], Iterator[Violation]]

RULES: tuple[Rule, ...] = (
    service.shifts_exist,
    service.tasks_exist,
    service.visits_exist,
    service.one_route_per_shift,
    service.every_visit_accounted_for,
    service.left_out_once,
    service.served_once,
    service.whole_mode,
    service.mandatory_served,
    service.pins_kept,
    nurses.credentials_held,
    nurses.nobody_barred,
    nurses.distinct_nurses,
    nurses.most_visits,
    nurses.one_place_at_a_time,
    times.full_duration,
    times.starts_after_arrival,
    times.time_to_drive,
    times.windows_kept,
    times.lags_kept,
    courses.spacings_kept,
    courses.follow_ups_follow,
    gates.gates_open,
    times.leaves_after_shift_start,
    times.leaves_in_time,
    times.back_in_time,
    workdays.hours_kept,
    workdays.rested_between,
    workdays.stock_lasts,
    breaks.break_given,
    breaks.break_owed,
    breaks.break_in_window,
    breaks.break_undisturbed,
)
"""Every rule, in the order in which violations are reported."""
