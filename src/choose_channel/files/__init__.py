"""Text to data with places, and files that appear whole or not at all."""
