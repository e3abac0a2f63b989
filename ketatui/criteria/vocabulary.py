"""Ids of a pack that have a meaning of their own to the program.

A pack words these questions and says when they are asked, or has none of them; under these ids they
are read by name. Every other id means what the rules make of it.
"""

TRIALS = "antidepressant_trials"
"""The table of antidepressants tried; in a case file it stands under this key."""
TRIALS_COMPLETE = "trials.rows_complete"
"""Whether that table is whole."""
TRIALS_REPORTED = "trials.reported_count"
"""How many trials failed, where no rows can be had."""
FAILED_COUNT = "derived.failed_trials"
"""The calculated number of them."""
ADEQUATE_WEEKS, TRD_FAILED_TRIALS = "adequate_weeks", "trd_failed_trials"
"""Thresholds of that calculation."""

MEDICATIONS = "medications"
"""The table of what is taken; in a case file it stands under this key."""
MEDICATIONS_REVIEWED = "medications.reviewed"
"""Whether that table is whole: an empty one is not the same as taking nothing."""

DIAGNOSIS, AGE, SEX = "indication.diagnosis", "patient.age", "patient.sex"
"""By them lists and exports find a case that has no label."""
CAPACITY = "consent.capacity"
"""Asked where consent is talked about, not among the questions."""
PAYER = "logistics.payer"
"""Its codes name the payer profiles."""
NO_PAYER = "none"
