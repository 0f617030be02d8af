"""nbgrader's own steps, with the same effect, asking the database once in a run and compiling the schema once.

Each is a subclass of the step that it stands for, so that its traits apply, and can be named in nbgrader's configuration.
"""

from __future__ import annotations

import functools
import json
import types
from typing import TYPE_CHECKING, Any

import jsonschema
from nbgrader.api import MissingEntry
from nbgrader.nbgraderformat import MetadataValidator, SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.nbgraderformat.common import BaseMetadataValidator
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor, OverwriteCells, OverwriteKernelspec

from grader.for_nbgrader.run import facts_for

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.for_nbgrader.gradebook.facts import NotebookFacts

__all__ = ["CheckMetadata", "KeepKernelspec", "ReleasedCells", "metadata_validator"]

_SHORT = 1000
"""Characters of a cell's metadata that may be remembered; nbgrader's own has some 150."""


class _CompiledSchema(BaseMetadataValidator):
    """The base of nbgrader's validators, with a schema that is checked once and not for every cell."""

    def validate_cell(self, cell: NotebookNode) -> None:
        """Raises what nbgrader's own does."""
        metadata = cell.metadata.get("nbgrader")
        if metadata is None:
            return
        version = metadata.get("schema_version", 0)
        if version != self.schema_version:
            kind, problem = (
                (SchemaTooOldError, "Outdated schema version")
                if version < self.schema_version
                else (SchemaTooNewError, "Schema version is too new")
            )
            raise kind(f"{problem}: {version} (expected {self.schema_version})", version, self.schema_version)
        schema, given = json.dumps(self.schema), json.dumps(metadata)
        require_valid = _require_valid if len(given) <= _SHORT else _require_valid.__wrapped__
        require_valid(schema, given)


class _Validator(MetadataValidator, _CompiledSchema):
    """nbgrader's rules for the metadata of its cells."""


@functools.lru_cache
def _require_valid(schema: str, metadata: str) -> None:
    """Raises ValidationError. What is valid is remembered: the same cells come from each student of a class."""
    error = jsonschema.exceptions.best_match(_compiled(schema).iter_errors(json.loads(metadata)))
    if error is not None:
        raise error


@functools.cache
def _compiled(schema: str) -> Any:
    loaded = json.loads(schema)
    return jsonschema.validators.validator_for(loaded)(loaded)


@functools.cache
def metadata_validator() -> MetadataValidator:
    """Nbgrader's rules for the metadata of its cells."""
    return _Validator()


class CheckMetadata(CheckCellMetadata):
    """Holds a notebook to nbgrader's rules."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Raises ValidationError for a notebook that breaks a rule."""
        try:
            metadata_validator().validate_nb(nb)
        except ValidationError as error:
            raise ValidationError(f"the nbgrader metadata may be corrupted: {error.message}") from error
        return nb, resources


class KeepKernelspec(OverwriteKernelspec):
    """Gives a notebook the kernelspec that it was released with."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Overwrite the kernelspec."""
        kernelspec = json.loads(facts_for(self, resources).kernelspec or "null")
        if kernelspec:
            nb.metadata["kernelspec"] = kernelspec
        return nb, resources


class ReleasedCells(OverwriteCells):
    """Gives locked cells the source that they were released with, and graded ones their points."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Overwrite the cells."""
        if self.add_missing_cells:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]  # nbgrader has no types
        facts = facts_for(self, resources)
        self.notebook_id, self.assignment_id = facts.notebook, facts.assignment
        self.gradebook = _FactsAsGradebook(facts)
        result: tuple[NotebookNode, Any] = NbGraderPreprocessor.preprocess(self, nb, resources)
        return result


class _FactsAsGradebook:
    """What OverwriteCells asks a Gradebook for, from facts that are at hand."""

    def __init__(self, facts: NotebookFacts) -> None:
        self._facts = facts

    def find_source_cell(self, name: str, *_: str) -> Any:
        cell = self._facts.sources.get(name)
        if cell is None:
            raise MissingEntry(f"No such source cell: {name}")
        return types.SimpleNamespace(
            name=name, cell_type=cell.cell_type, locked=cell.locked, source=cell.source, checksum=cell.checksum
        )

    def find_graded_cell(self, name: str, *_: str) -> Any:
        if name not in self._facts.graded:
            raise MissingEntry(f"No such grade cell: {name}")
        return types.SimpleNamespace(max_score=self._facts.graded[name].points)
