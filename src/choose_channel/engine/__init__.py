"""From answers to a decision, with everything that could change it."""
