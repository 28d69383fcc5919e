"""Everything that judges a rulebook. Pure: no module here reads a clock, a file or the terminal."""
