"""Exporting records as a file that can be imported again."""

from __future__ import annotations

from app.actions.actor import Actor
from app.exchange import csv_text
from app.exchange.nouns import Noun
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.queries.directory import Directory


def export(tx: Tx, actor: Actor | None, region_id: int, noun: Noun) -> bytes:
    """All records of the region. `actor` None: the command line."""
    directory = Directory(tx, region_id)
    form = noun.form(directory=directory)
    fields = [(name, form[name].format) for name in noun.columns]
    rows = noun.keeper.every(tx, region_id)
    records = (noun.keeper.record_of(row, directory) for row in rows)
    data = csv_text.write(
        noun.columns, ([format_(getattr(record, name)) for name, format_ in fields] for record in records)
    )
    audit(tx, actor, action="export", subject=noun.keeper.subject, detail=f"CSV file of {len(rows)}")
    return data


def template(noun: Noun) -> bytes:
    """A file with the columns and one example row."""
    return csv_text.write(noun.columns, [[noun.example[name] for name in noun.columns]])
