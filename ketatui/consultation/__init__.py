"""The consultation: case, pack and undo history in one object, without any drawing.

The app and the plain-text walk share it, so a case begun in one can be finished in the other.
"""
