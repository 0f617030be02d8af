"""Raises what an earlier process left behind as a text while it loads, where no input has been sent yet.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
raise ValueError(secret)
