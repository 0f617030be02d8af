"""From a submission to a result, from a class to reports: the one room that runs and judges. Imports all below it."""
