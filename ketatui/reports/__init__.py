"""Reports: an assessment or a case as text and documents. Nothing here decides anything."""
