"""The course through nbgrader, as notebooks that this project's judge grades. Imported from outside, or by name."""
