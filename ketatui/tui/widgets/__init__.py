"""Widgets: each draws one thing from lines of text."""
