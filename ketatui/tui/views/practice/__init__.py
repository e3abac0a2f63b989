"""Practice as lines and forms."""
