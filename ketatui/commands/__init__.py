"""The commands that need no app, one module a group. Only `parser` is imported at start."""
