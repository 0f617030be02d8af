"""Raises, as it loads, a group of exceptions, with texts, notes and a cause.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
group = ExceptionGroup(secret, [ValueError(secret), KeyError(secret)])
group.add_note(secret)
raise group from RuntimeError(secret)
