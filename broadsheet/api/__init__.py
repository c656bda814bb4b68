"""JSON for programs, in the shapes that their clients already read."""
