"""The command line: `broadsheet VERB`, one file per verb. Rooms are imported when a verb runs, so that help is quick."""

from broadsheet.cli.root import main

__all__ = ["main"]
