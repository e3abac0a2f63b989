"""The criteria pack: its models, how it is loaded from TOML, and how it is checked."""
