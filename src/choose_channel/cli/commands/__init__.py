"""What each command does: reads, decides, shows. `cli/registry.py` lists them all."""
