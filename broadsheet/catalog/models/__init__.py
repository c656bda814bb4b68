"""The tables of papers, editions, jobs and the ledger."""

from broadsheet.catalog.models.editions import Edition, Entry
from broadsheet.catalog.models.ledger import Alarm, Announcement, Coverage, Order, Route
from broadsheet.catalog.models.papers import Author, Authorship, Identifier, Observation, Paper, Record, Version
from broadsheet.catalog.models.trends import Tallied, Trend
from broadsheet.catalog.models.work import Outbox, Run

__all__ = [
    "Alarm", "Announcement", "Author", "Authorship", "Coverage", "Edition", "Entry", "Identifier", "Observation", "Order",
    "Outbox", "Paper", "Record", "Route", "Run", "Tallied", "Trend", "Version",
]  # fmt: skip
