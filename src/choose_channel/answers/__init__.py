"""What an answer means: read, merged from its sources, placed in the answer space."""
