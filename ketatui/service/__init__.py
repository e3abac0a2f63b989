"""The service for other programs and for browsers: CDS Hooks, assessments, and the app itself.

Answers and cases pass through it and stay nowhere: nothing of a request is logged or kept.
"""
