"""Drives the terminal and closes the page's markup with the text of what it raises as it loads.

verdict: RUNTIME_ERROR
"""

raise ImportError("\x1b]0;LE" "AK\x07\x1b[2J\u202e</p><script>alert(1)</script>{{ 7 * 7 }}")
