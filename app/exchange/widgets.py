"""Inputs of the record forms. Scripts add to them; without scripts they work as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape
from wtforms.widgets import Input, html_params

from app.days import WEEKDAYS

SPARE_ROWS = 2
"""Empty rows after the filled ones, for those who have no script to add some."""

PHASE_WORDS = {
    "arrival": "Arrival and vitals",
    "iv_start": "IV start",
    "infusion": "Infusion",
    "monitoring": "Monitoring",
    "discharge": "Discharge",
}


class DateInput(Input):  # type: ignore[misc]
    """A calendar."""

    input_type = "date"
    validation_attrs = ("required", "disabled")


class TimeInput(Input):  # type: ignore[misc]
    """A clock, by the minute."""

    input_type = "time"
    validation_attrs = ("required", "disabled")


class YesNo:
    """A checkbox that sends "no" where it is not ticked."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The hidden "no" and the box."""
        kwargs.setdefault("id", field.id)
        ticked = field.text().lower() in ("yes", "true", "1")
        return _tag("input", type="hidden", name=field.name, value="no") + _tag(
            "input", type="checkbox", name=field.name, value="yes", checked=ticked, **kwargs
        )


class ChoiceOfWords:
    """A list of the words of a closed set."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The select; without a choice it asks for one."""
        chosen = field.chosen()
        options = [*field.offered()]
        if chosen not in dict(options):
            options.insert(0, (chosen, chosen or "Choose…"))
        kwargs.setdefault("id", field.id)
        return _select(field.name, options, chosen, **kwargs)


class ChoiceOfRecords:
    """A list of records by name, sending the code."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The select; a code that nobody knows is shown as it was typed."""
        chosen = field.text()
        options = [(ref.code, f"{ref.name} ({ref.code})") for ref in field.offered()]
        if chosen and chosen not in field.known:
            options.insert(0, (chosen, chosen))
        nothing = "Choose…" if field.required else "Nobody"
        kwargs.setdefault("id", field.id)
        return _select(field.name, [("", nothing), *options], chosen, **kwargs)


class PhaseRows:
    """A row per phase: what it is, its minutes, and the credentials that it alone asks for."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The rows, in a list that a script makes sortable."""
        rows = [*field.rows(), *[("", "", "")] * SPARE_ROWS]
        items = (_phase_row(field, number, *row) for number, row in enumerate(rows, 1))
        known = (_tag("option", value=kind) for kind in field.known)
        suggestions = (
            _tag("datalist", id=f"{field.id}-kinds") + Markup("").join(known) + Markup("</datalist>")
        )
        return _list(field, kwargs, "phase-rows", items) + suggestions


def _phase_row(field: Any, number: int, kind: str, minutes: str, credentials: str) -> Markup:
    kinds = [("", "—"), *PHASE_WORDS.items()]
    return _row(
        _select(field.name, _with(kinds, kind), kind, class_="input", aria_label=f"Phase {number}"),
        _tag(
            "input",
            type="number",
            name=field.name,
            value=minutes,
            min=1,
            class_="input",
            aria_label=f"Minutes of phase {number}",
        )
        + Markup('<span class="muted">min</span>'),
        _tag(
            "input",
            type="text",
            name=field.name,
            value=credentials,
            list=f"{field.id}-kinds",
            class_="input",
            placeholder="Credential for this phase only",
            aria_label=f"Credentials of phase {number}",
        ),
        class_="phase-row",
    )


class FollowUpRows:
    """A row per follow-up: when, give or take, how, how long, and whether with a mania check."""

    labels = ("Hours after infusion", "Give or take, hours", "How", "Minutes", "Mania check")
    hows = (("call", "Call"), ("visit", "Visit"))
    checks = (("", "No"), ("mania", "Yes"))

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The rows."""
        rows = [*field.rows(), *[("", "", "call", "", "")] * SPARE_ROWS][: field.most]
        items = (
            _row(
                *(
                    Markup("<label><span>{}</span>{}</label>").format(
                        label, self._input(field, text, place, f"{label}, follow-up {number}")
                    )
                    for place, (label, text) in enumerate(zip(self.labels, row, strict=True))
                ),
                class_="follow-up-row",
            )
            for number, row in enumerate(rows, 1)
        )
        return _list(field, kwargs, "follow-up-rows", items)

    def _input(self, field: Any, text: str, place: int, label: str) -> Markup:
        if place in (2, 4):
            options = list(self.hows if place == 2 else self.checks)
            return _select(field.name, _with(options, text), text, class_="input", aria_label=label)
        # Not a number input: it would not show what was typed or imported wrongly.
        return _tag(
            "input",
            type="text",
            inputmode="numeric",
            name=field.name,
            value=text,
            class_="input",
            aria_label=label,
        )


class Lines:
    """A text of several lines, one for each value."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The text area."""
        lines = [line for line in field.lines(field.text()) if line]
        kwargs.setdefault("id", field.id)
        area = _tag("textarea", name=field.name, rows=max(3, len(lines)), **kwargs)
        return area + escape("\n".join(lines)) + Markup("</textarea>")


class WindowRows:
    """Three rows of earliest start, latest start and latest end."""

    labels = ("Earliest start", "Latest start", "Over by")

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The rows."""
        rows = field.rows()
        rows += [("", "", "")] * (3 - len(rows))
        items = (
            _row(
                *(
                    Markup("<label><span>{}</span>{}</label>").format(
                        label,
                        _tag(
                            "input",
                            type="time",
                            name=field.name,
                            value=text,
                            class_="input",
                            aria_label=f"{label}, window {number}",
                        ),
                    )
                    for label, text in zip(self.labels, row, strict=True)
                ),
                class_="window-row",
            )
            for number, row in enumerate(rows, 1)
        )
        return _list(field, kwargs, "window-rows", items)


class WeekdayBoxes:
    """A box per weekday."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The boxes, Monday first."""
        ticked = field.ticked()
        boxes = (
            Markup("<label>{}{}</label>").format(
                _tag("input", type="checkbox", name=field.name, value=day, checked=day in ticked), day
            )
            for day in WEEKDAYS
        )
        return Markup('<div class="choices" id="{}">{}</div>').format(field.id, Markup("").join(boxes))


class KindBoxes:
    """A box per known kind of credential, and an input for others."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """The boxes and the input."""
        ticked = field.ticked()
        boxes = (
            Markup("<label>{}{}</label>").format(
                _tag("input", type="checkbox", name=field.name, value=kind, checked=kind in ticked), kind
            )
            for kind in field.known
        )
        others = "; ".join(kind for kind in ticked if kind not in field.known)
        other = _tag(
            "input",
            id=kwargs.pop("id", field.id),
            type="text",
            name=field.name,
            value=others,
            placeholder="Another kind; several with semicolons",
            **{"class_": "input", **kwargs},
        )
        return Markup('<div class="choices">{}</div>{}').format(Markup("").join(boxes), other)


def _tag(element: str, /, **attributes: Any) -> Markup:
    return Markup(f"<{element} {html_params(**attributes)}>")  # noqa: S704 (html_params escapes)


def _select(name: str, options: Iterable[tuple[str, str]], chosen: str, **attributes: Any) -> Markup:
    inside = Markup("").join(
        _tag("option", value=value, selected=value == chosen) + escape(label) + Markup("</option>")
        for value, label in options
    )
    return _tag("select", name=name, **attributes) + inside + Markup("</select>")


def _with(options: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    return options if value in dict(options) else [*options, (value, value)]


def _row(*cells: Markup, class_: str) -> Markup:
    return _tag("li", class_=class_) + Markup("").join(cells) + Markup("</li>")


def _list(field: Any, kwargs: dict[str, Any], class_: str, items: Iterable[Markup]) -> Markup:
    wanted = {key: value for key, value in kwargs.items() if key != "class"}
    return (
        _tag("ol", id=field.id, class_=class_, data_name=field.name, **wanted)
        + Markup("").join(items)
        + Markup("</ol>")
    )
