"""Search raced against other engines: the same papers, queries and machine in one run. See docs/race.md."""
