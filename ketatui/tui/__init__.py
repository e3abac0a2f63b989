"""The app: it draws state and sends intents. No rule, no file format, no arithmetic lives here."""
