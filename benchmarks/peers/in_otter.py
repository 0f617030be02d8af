"""Grade notebooks with Otter in one process: AUTOGRADER.zip, OUT.json, then the notebooks. Run by Otter's own Python."""

import json
import sys
from pathlib import Path

from otter.api import grade_submission

autograder, out, *notebooks = sys.argv[1:]
scores = {}
for notebook in notebooks:
    results = grade_submission(notebook, autograder, quiet=True).results
    scores[notebook] = {name: results[name].score for name in results}
Path(out).write_text(json.dumps(scores), encoding="utf-8")
