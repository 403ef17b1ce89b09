"""Reports for the funder: what is evidence, what the figures are, and what may be told of persons.

Everything here is a function of evidence and a period: the same evidence makes the same report,
whenever and in whatever order it came.
"""
