"""OpenReview: what the public may read of venues, by its API version 2."""
