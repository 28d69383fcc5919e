"""From YAML files to a checked rulebook, and its cache."""
