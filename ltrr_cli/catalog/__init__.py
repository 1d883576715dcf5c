"""What do we have? Files of any common kind become a stream of entities, and what is wrong with them is told."""

from ltrr_cli.catalog.check import Catalog, entities
from ltrr_cli.catalog.fields import infer
from ltrr_cli.catalog.mapping import Mapping, load_mapping
from ltrr_cli.catalog.report import Problem, Report

__all__ = ["Catalog", "Mapping", "Problem", "Report", "entities", "infer", "load_mapping"]
