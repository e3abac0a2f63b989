"""Cases that only the holders of certain age keys can read.

``age`` is the only module that knows the library, ``keys`` finds the person's own secret key,
``sealing`` is what everything that reads or writes a case or a draft goes through, ``state`` is
the file that says for whom a folder is encrypted, and ``converting`` turns a folder from one
form into the other.
"""
