"""Raises markup and terminal escapes while it is read, where the text is shown for every check.

verdict: RUNTIME_ERROR
"""

raise RuntimeError("</p><script>alert(1)</script>\x1b[31m\x9b31m\r\n[bold red]{{ report.provenance }}\u2028\u202e")
