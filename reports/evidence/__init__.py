"""The evidence of a case: everything that was asked, answered and decided, with who and when.

``sources`` reads it in a fixed number of queries, ``build`` tells it in words,
``document`` is what has been told: the page, the PDF and the digest are all
made from that one document, so they cannot say different things.
"""
