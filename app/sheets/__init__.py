"""Day sheets: a day's plan on paper, good enough to work from while the service cannot be reached."""

from app.sheets.content import DaySheets, NoPlanError, load_sheets
from app.sheets.listing import as_csv
from app.sheets.paper import as_pdf

__all__ = ["DaySheets", "NoPlanError", "as_csv", "as_pdf", "load_sheets"]
