"""Values and rules: what a paper, a record, an id and a day are. No I/O, no Django."""
