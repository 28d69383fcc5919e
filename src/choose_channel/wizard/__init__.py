"""The dialogue in a terminal.

`state` holds where a person is and the moves from there, `prompt` what is asked, `reasons` why it
is asked, `terminal` how a prompt is shown, `drafts` what survives an interruption; `wizard` is the
loop that joins them. Only `terminal`, `drafts` and `wizard` have side effects.
"""
