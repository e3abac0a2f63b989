"""Screens: each lays out its widgets and turns keys into intents."""
