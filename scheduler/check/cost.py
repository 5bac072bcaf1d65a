"""The one definition of what a plan costs."""

from __future__ import annotations

from scheduler.check.facts import Facts
from scheduler.check.report import Cost
from scheduler.check.windows import lateness
from scheduler.check.workload import imbalance, longest_idle, waiting


def cost_of(facts: Facts) -> Cost:
    """Points by part, and seconds. Drives count as the matrix has them, those from and to the shift's places
    included. What has no price and takes long is not counted."""
    problem, weights = facts.problem, facts.problem.weights
    travel = sum(leg.seconds for day in facts.days for leg in day.legs)
    late = [lateness(stay.task, stay.stop) for stay in facts.stays()]
    overtime = [(max(0, day.route.finish - day.shift.end), day.shift.overtime_cost) for day in facts.days]
    strangers = sum(
        1
        for stay in facts.stays()
        if stay.visit.preferred_nurses and stay.shift.nurse not in stay.visit.preferred_nurses
    )
    left_out = set(facts.plan.unassigned)
    changed, moved = broken_promises(facts)
    missed = [day.shift.break_ for day in facts.days if day.stays and day.route.break_start is None]
    return Cost(
        travel=travel * weights.travel,
        lateness=sum(late) * weights.lateness,
        worst_lateness=max(late, default=0) * weights.worst_lateness,
        overtime=sum(seconds * price for seconds, price in overtime),
        not_preferred=strangers * weights.not_preferred,
        dropped=sum(visit.drop_cost or 0 for visit in problem.visits if visit.id in left_out),
        changed_nurse=changed * weights.changed_nurse,
        moved_start=moved * weights.moved_start,
        continuity=continuity(facts),
        waiting=weights.waiting and weights.waiting * sum(map(waiting, facts.days)),
        longest_idle=weights.longest_idle and weights.longest_idle * longest_idle(facts),
        imbalance=weights.imbalance and weights.imbalance * imbalance(facts),
        missed_breaks=sum(rest.miss_cost or 0 for rest in missed if rest is not None),
        travel_seconds=travel,
        lateness_seconds=sum(late),
        overtime_seconds=sum(seconds for seconds, _ in overtime),
    )


def broken_promises(facts: Facts) -> tuple[int, int]:
    """How many promises to served visits another nurse does, and how many start too early or too late; one
    whose task is not done, as the visit is served in another mode, counts in both."""
    if not facts.problem.promises:
        return 0, 0
    stays = {stay.task.id: stay for stay in facts.stays()}
    visit_by_task = facts.problem.visit_by_task
    changed = moved = 0
    for promise in facts.problem.promises:
        if visit_by_task[promise.task].id not in facts.served:
            continue
        stay = stays.get(promise.task)
        changed += stay is None or stay.shift.nurse != promise.nurse
        moved += stay is None or abs(stay.stop.start - promise.start) > promise.tolerance
    return changed, moved


def continuity(facts: Facts) -> int:
    """The change costs of the spacings whose two visits, both served, are begun by different nurses."""
    price = 0
    for spacing in facts.problem.spacings:
        first, then = facts.first_stay(spacing.first), facts.first_stay(spacing.then)
        if first is not None and then is not None and first.shift.nurse != then.shift.nurse:
            price += spacing.change_cost
    return price
