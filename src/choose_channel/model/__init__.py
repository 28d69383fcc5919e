"""The nouns of a rulebook, and conditions on answers."""
