"""How the site is made of its pages, which pages.py writes. `make docs` calls both."""

project = "Neural-network calculus"
author = "The authors of the course"
extensions = ["myst_parser"]
root_doc = "index"

# Anchors as they are on GitHub, where the same pages are read.
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block"]
# What is indented is a formula, a command or a table as often as it is Python.
highlight_language = "none"
nitpicky = True

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["course.css"]
html_show_sourcelink = False
html_copy_source = False
# Nothing is loaded from elsewhere, and nothing leads to an editor of a repository that a reader may not have.
html_theme_options = {"navbar_align": "left", "show_prev_next": True, "secondary_sidebar_items": ["page-toc"]}
