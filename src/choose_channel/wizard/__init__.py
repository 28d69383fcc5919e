"""The dialogue in a terminal."""
