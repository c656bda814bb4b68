"""RIS files, as reference managers and publishers write them, parsed by rispy."""
