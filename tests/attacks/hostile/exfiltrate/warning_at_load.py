"""Raises, as it loads, a warning with what an earlier process left behind as its text.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
raise DeprecationWarning(secret)
