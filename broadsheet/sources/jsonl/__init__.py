"""Broadsheet's own JSON Lines, one paper a line: what it exports, what the starter edition is written in."""
