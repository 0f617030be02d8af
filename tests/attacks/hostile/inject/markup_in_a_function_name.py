"""Defines functions whose names are markup and escapes, near the one that is asked for.

verdict: RUNTIME_ERROR
"""

for name in ("manual_jacobian<script>", "manual_jacobian\x1b[31m", "manual_jacobian\n\x07", "manual_jacobian\u202e"):
    globals()[name] = print
