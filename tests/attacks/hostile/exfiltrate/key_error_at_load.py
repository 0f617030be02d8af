"""Looks, as it loads, for a key that is what an earlier process left behind.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
{}[secret]
