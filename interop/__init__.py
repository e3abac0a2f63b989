"""What programs that nobody here wrote make of the exports: `make interop`.

Not part of the quick suite: it installs pinned foreign programs into a folder of its own
(`.venv-interop`, `.node-interop`) and runs them. Each check says what was tried and how much of it
was otherwise; the exit status is 1 if anything was.
"""
