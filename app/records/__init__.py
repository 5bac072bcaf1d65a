"""The dispatchers' records: nurses, patients, protocols and visits; forms, lists, CSV files."""

from app.records import booking, editing, lists, lookup, transfer, versions
from app.records.blueprint import blueprint

__all__ = ["blueprint", "booking", "editing", "lists", "lookup", "transfer", "versions"]
