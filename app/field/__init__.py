"""What nurses' phones record on the way, and what it adds up to. Pure: no database, no clock of its own.

docs/field.md tells of events, clocks and folds. The phone folds the same events in JavaScript; the cases of
tests/cases/field hold the two together.
"""
