# Puts the judge into every nbgrader course there is, for `make nbgrader-tests`: found through JUPYTER_CONFIG_PATH.
from pathlib import Path

from grader.nbgrader import configure

c = get_config()  # noqa: F821  nbgrader defines it
configure(c, course=Path(__file__).parents[3], plain_cells="execute")

# Those tests start a hundred kernels, side by side: four seconds for a kernel's output are a quiet machine's.
c.NotebookClient.iopub_timeout = 60
c.NotebookClient.startup_timeout = 300
