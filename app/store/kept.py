"""What was worked out from the records, kept in this process until anything is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from app.store import writes
from app.store.engine import Tx

Value = TypeVar("Value")

_Shelf = OrderedDict[Hashable, tuple[int, Value]]


class Kept(Generic[Value]):
    """At most `most` values of each database, those that were asked for last. A value holds until any process
    writes anything (`app/store/writes.py`): what else it depends on is part of its key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shelves: WeakKeyDictionary[object, _Shelf[Value]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, tx: Tx, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of this key, made by reading the database where it is not kept or does not hold any more.
        A transaction that has written something gets its own, which nobody else sees."""
        count = writes.count(tx)
        if count is None:
            return make()
        with self._lock:
            shelf = self._shelves.setdefault(tx.get_bind(), OrderedDict())
            known = shelf.get(key)
            if known is not None and known[0] == count:
                shelf.move_to_end(key)
                return known[1]
        value = make()
        with self._lock:
            shelf[key] = (count, value)
            shelf.move_to_end(key)
            while len(shelf) > self._most:
                shelf.popitem(last=False)
        return value
