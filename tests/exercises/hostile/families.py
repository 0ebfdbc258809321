"""Load all families, so that the table is full."""

import importlib

__all__ = ["FAMILIES"]

FAMILIES = ("raises", "endless", "hooks", "leaves", "values", "cheats", "outlives", "pages",
            "clumsy", "pretenders", "deeper")  # fmt: skip
for family in FAMILIES:
    importlib.import_module(f"{__package__}.{family}")
