"""Puts a secret, as it loads, behind a sentence that Python says of indentation.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
raise IndentationError("unexpected indent " + secret)
