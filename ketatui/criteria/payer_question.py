"""The question that payers are chosen by: of its own, as the first screen knows it too."""

PAYER_QUESTION = "logistics.payer"
"""The question whose codes name the payer profiles."""
NO_PAYER = "none"
