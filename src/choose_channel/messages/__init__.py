"""What is said to people, and how it fits a line."""
