"""Many sellers at once: a row each in, the same row with its advice out.

`matching` says which column answers which question, `cells` turns values into places of the answer
space, `rows` reads the texts of a row together, `advice_columns` has the advice of each place that
occurs, `money` the sums of each distinct set of costs, `tally` and `summary` count. None of these
knows how a table is stored; `frames` brings them to polars frames, `spark` takes those to a
cluster, and `sources` and `sinks` bring them to files.
"""
