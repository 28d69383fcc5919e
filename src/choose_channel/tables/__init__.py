"""Many sellers at once: a row each in, the same row with its advice out.

`columns` says which column answers which question, `cells` turns values into places of the answer
space, `results` has the advice of each place that occurs, `money` the sums of each distinct set of
costs, `tally` counts. None of these knows how a table is stored; `frames` brings them to polars
frames, and `files` to files.
"""
