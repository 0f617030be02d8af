"""Never finishes being read.

verdict: TIME_LIMIT_EXCEEDED
"""

while True:
    pass
