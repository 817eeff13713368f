"""How fast the ledger is, as ratios to what the same machine can do at best: `make bench`.

A figure without its neighbour says more about the machine than about the ledger. So every arm of a
suite runs once in each round, in an order that rotates, and what is reported is the median of the
rounds' ratios with the least and the greatest of them (docs/benchmarks.md). Nothing here is a test.
"""
