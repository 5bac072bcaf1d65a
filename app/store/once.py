"""Inserting what only one may insert."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import IntegrityError

from app.store.engine import Tx
from app.store.models import Base


def insert_once(tx: Tx, row: Base) -> bool:
    """Insert `row`, and what it refers to; False, with nothing inserted, where a unique key says that
    somebody else was first. On PostgreSQL it waits for a rival transaction to end."""
    try:
        with tx.begin_nested():
            tx.add(row)
            tx.flush()
    except IntegrityError as error:
        if _is_duplicate(error.orig):
            return False
        raise
    return True


def _is_duplicate(error: object) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return isinstance(error, psycopg.errors.UniqueViolation)
