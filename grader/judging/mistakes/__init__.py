"""Generic mistakes, recognised from numbers alone: two tables of hypotheses, the search through them, and for which inputs values are right."""
