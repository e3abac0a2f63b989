"""Harnesses that try to lose, tear or misread a case; what they found is in docs/reliability.md.

``python -m reliability soak | fuzz | mutants`` run for minutes to hours. The tests run short
versions of the same code.
"""
