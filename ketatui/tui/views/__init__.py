"""Views: pure functions from state to lines of text. Nothing here knows Textual."""
