"""Raises, as it loads, an exception whose class, module and text are what an earlier process left behind.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
raise type(secret, (ValueError,), {"__module__": secret})(secret)
