"""Cases: the model, its TOML form, and where cases are kept."""
