"""Training of the compact encoder: a small transformer of our own, from nothing, on a processor or a GPU.

``run.train`` does it all. A table of token vectors is learned first, as a bag; then the layers above it, which begin
by changing nothing, learn what the order and company of words add. Both are taught by vectors that other encoders give
the same papers.
"""
