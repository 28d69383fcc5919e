"""What each command does. Thin: read, decide, show."""
