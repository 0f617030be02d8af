"""Asserts, as it loads, with what an earlier process left behind as the reason.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
assert not secret, secret
