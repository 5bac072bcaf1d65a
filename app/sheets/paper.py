"""Day sheets as a PDF: an overview of the region, then each nurse's day from a new page on."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from app.sheets.content import DaySheets, NurseSheet, VisitSheet
from app.web.times import day_name

FONTS = Path(__file__).resolve().parents[1] / "web" / "static" / "vendor" / "dejavu"
MARGIN = 0.6 * inch
WIDTH = letter[0] - 2 * MARGIN

_CELL = 8.5
"""Points: the size of type in tables."""

_GREY, _LINE = colors.HexColor("#555555"), colors.HexColor("#999999")


class FontsMissingError(RuntimeError):
    """The fonts are part of the pages' packages, which are not installed."""


def as_pdf(day: DaySheets) -> bytes:
    """The document, letter size, black on white; any Latin, Greek or Cyrillic name can be read in it.

    Raises FontsMissingError.
    """
    _fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=letter,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=0.75 * inch,
        title=f"Day sheets, {day.region}, {day.day}",
        author="Rounds",
        creator="Rounds",
    )

    def foot(canvas: Canvas, page: Any) -> None:
        canvas.saveState()
        canvas.setFont("Sheet", 7.5)
        canvas.setFillColor(_GREY)
        left = f"{day.region}, {day.day}. {day.source} Holds patients' data."
        canvas.drawString(MARGIN + 6, 0.45 * inch, left)
        canvas.drawRightString(letter[0] - MARGIN - 6, 0.45 * inch, f"Page {page.page}")
        canvas.restoreState()

    document.build(list(_story(day)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(day: DaySheets) -> Iterator[Flowable]:
    busy = [nurse for nurse in day.nurses if nurse.visits]
    alone = len(day.nurses) == 1 and not day.left_out
    if not alone:
        yield from _overview(day)
    for place, nurse in enumerate(busy if not alone else day.nurses):
        if place or not alone:
            yield PageBreak()
        yield from _nurse(day, nurse)


def _overview(day: DaySheets) -> Iterator[Flowable]:
    yield _text(f"{day.region}: {day_name(day.day)}, {day.day.year}", "title")
    yield _text(_status(day), "note")
    rows = [("Nurse", "Telephone", "Shift", "Leaves", "Visits", "Home")]
    rows += [
        (nurse.name, nurse.phone, nurse.shift, nurse.leaves or "free", str(len(nurse.visits)), nurse.home)
        for nurse in day.nurses
    ]
    yield _table(rows, (2.1, 1.35, 1.5, 0.8, 0.6, 0.85))
    if not day.left_out:
        return
    yield _text(f"Without a nurse ({len(day.left_out)})", "heading")
    for row in day.left_out:
        yield KeepTogether(
            [
                _text(
                    f"<b>{escape(row.patient)}</b> ({escape(row.code)}) {escape(row.phone)}", "body", raw=True
                ),
                _text(f"{row.address}; {row.windows}.", "body"),
                _text(row.reason, "note"),
            ]
        )


def _nurse(day: DaySheets, nurse: NurseSheet) -> Iterator[Flowable]:
    yield _text(f"{nurse.name}: {day_name(day.day)}, {day.day.year}", "title")
    facts = [f"Shift {nurse.shift}", f"telephone {nurse.phone}" if nurse.phone else ""]
    if nurse.leaves:
        facts += [
            f"leave home {nurse.leaves}",
            f"break {nurse.rest}" if nurse.rest else "",
            f"home {nurse.home}",
        ]
    yield _text("; ".join(filter(None, facts)) + ".", "body")
    yield _text(_status(day), "note")
    if nurse.pickup:
        yield _text(f"Take along: {', '.join(nurse.pickup)}.", "body")
    if not nurse.visits:
        yield _text("No visits on this day.", "body")
    for visit in nurse.visits:
        yield Spacer(0, 6)
        yield KeepTogether(list(_visit(visit)))


def _visit(visit: VisitSheet) -> Iterator[Flowable]:
    patient, address = escape(visit.patient), escape(visit.address)
    yield _text(
        f"{visit.number}. Arrive <b>{visit.arrival}</b>, {visit.start} – {visit.end}: <b>{patient}</b>",
        "heading",
        raw=True,
    )
    if visit.cancelled:
        yield _text("NO LONGER BOOKED FOR THIS DAY: ask before you go.", "alarm")
    phone = f". Tel. <b>{escape(visit.phone)}</b>" if visit.phone else ""
    drive = f". Drive {visit.drive}" if visit.drive else ""
    yield _text(f"<b>{address}</b>{phone}{drive}", "body", raw=True)
    if visit.access:
        yield _text(f"Access: {visit.access}", "body")
    yield _text(f"{visit.protocol} ({visit.code}). Window: {visit.windows}.", "body")
    if visit.shared:
        yield _text(f"<b>{escape(visit.shared)}</b>", "body", raw=True)
    phases = [(*phase, "", "") for phase in visit.phases]
    yield _table([("Phase", "Planned", "Time", "Begun", "Ended"), *phases])
    if visit.kit:
        yield _text(f"Kit and drugs: {', '.join(visit.kit)}.", "body")
    for check in visit.checks:
        yield _text(f"☐ {check}", "alarm" if check.startswith("NOT CLEARED") else "body")
    if visit.notes:
        yield _text(f"Notes: {visit.notes}", "body")
    yield _text(f"Vitals and remarks: {'_' * 62}", "body")


def _status(day: DaySheets) -> str:
    return day.source if day.published else f"DRAFT, not published: nurses do not go by it yet. {day.source}"


def _table(rows: Sequence[Sequence[str]], inches: Sequence[float] = (1.9, 0.9, 1.8, 1.3, 1.3)) -> Table:
    """Plain cells, cut to their column: paragraphs would take ten times as long to lay out."""
    sizes = [each * inch for each in inches]
    cells = [[_cut(cell, size - 4) for cell, size in zip(row, sizes, strict=True)] for row in rows]
    table = Table(cells, colWidths=sizes, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), "Sheet", _CELL, _CELL + 2),
            ("FONT", (0, 0), (-1, 0), "Sheet-Bold", _CELL, _CELL + 2),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, colors.black),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return table


def _cut(words: str, width: float) -> str:
    if pdfmetrics.stringWidth(words, "Sheet", _CELL) <= width:
        return words
    while words and pdfmetrics.stringWidth(f"{words}…", "Sheet", _CELL) > width:
        words = words[:-1]
    return f"{words}…"


def _text(words: str, style: str, *, raw: bool = False) -> Paragraph:
    """A paragraph. `raw`: `words` is markup already, with people's words escaped in it."""
    return Paragraph(words if raw else escape(words), _styles()[style])


@cache
def _styles() -> dict[str, ParagraphStyle]:
    body = ParagraphStyle("body", fontName="Sheet", fontSize=9.5, leading=12.5)
    return {
        "body": body,
        "note": ParagraphStyle("note", body, fontSize=8, leading=10.5, textColor=_GREY, spaceAfter=4),
        "title": ParagraphStyle("title", body, fontName="Sheet-Bold", fontSize=15, leading=19, spaceAfter=3),
        "heading": ParagraphStyle("heading", body, fontSize=11.5, leading=15, spaceBefore=8, spaceAfter=2),
        "alarm": ParagraphStyle("alarm", body, fontName="Sheet-Bold"),
    }


@cache
def _fonts() -> None:
    for name, file in (("Sheet", "DejaVuSans.ttf"), ("Sheet-Bold", "DejaVuSans-Bold.ttf")):
        if not (FONTS / file).is_file():
            raise FontsMissingError(f"the font {file} is not installed: run make setup")
        pdfmetrics.registerFont(TTFont(name, FONTS / file))
    pdfmetrics.registerFontFamily(
        "Sheet", normal="Sheet", bold="Sheet-Bold", italic="Sheet", boldItalic="Sheet-Bold"
    )
