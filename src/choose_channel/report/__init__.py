"""A decision as sections of blocks, in any format."""
