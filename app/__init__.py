"""Rounds' service: dispatchers' and nurses' pages, and the nightly worker."""
