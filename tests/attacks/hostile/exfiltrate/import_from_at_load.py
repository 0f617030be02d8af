"""Imports, as it loads, a name made of a secret from a module that is allowed.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
exec("from math import " + secret.replace(".", "_"))
