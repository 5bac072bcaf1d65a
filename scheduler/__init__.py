"""Rounds' planner: home visits in, checked routes out. Pure Python, no web, no database."""
