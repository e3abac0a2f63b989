"""The public contract: what other programs, scripts and editors may rely on, as pydantic models.

Case files, visits, assessments, what is due, proposals from records and the files of a criteria
pack. Nothing here decides anything: inside the program the same tables are msgspec structs, and a
test holds the two against each other. What is read from other systems goes through these models,
every JSON output of the program is held to them in the tests, and `ketatui criteria schema` writes
them as JSON Schema. Importing pydantic takes longer than `ketatui assess` does, so nothing on the
way to a screen or to an assessment imports this package.
"""
