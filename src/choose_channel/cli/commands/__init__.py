"""What each command does: reads, decides, shows. `registry.py` lists them all."""
