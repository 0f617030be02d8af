"""Generic mistakes, recognised from numbers alone: two tables of hypotheses, and the search through them."""
