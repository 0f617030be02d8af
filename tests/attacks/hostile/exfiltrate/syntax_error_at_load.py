"""Raises a syntax error of its own making while it loads, with a text, a file and a line.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
raise SyntaxError(secret, ("manual_jacobian.py", 1, 1, secret))
