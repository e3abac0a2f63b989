"""Practice: written cases to learn from, runs of them, scoring, progress. Nothing is drawn here."""
