"""Is a backward pass right? Measured derivatives, laws, tolerances, and a report that says so.

`differences` measured derivatives · `tolerance` how far off they may be · `laws` every backward
keeps · `backward_pair` f and its backward · `reading`, `calling` in which form they are ·
`recognise`, `nearly` whether f is a softmax · `turned` along which axis · `compare` both gradients
· `blind_spots` what a check cannot see · `adjoint_and_taylor` two tests more · `stages`,
`stage_tables` a walk, step by step · `diagnosis` names the mistake · `report` what was found,
`report_words`, `report_picture` how it is told · `check` all of it: gradcheck.
"""

from importlib import import_module

# Loaded when asked for: `import smlearn` needs the measured derivatives alone.
HOMES = {
    "adjoint_and_taylor": ("Adjoint", "Taylor", "check_adjoint", "taylor_test"),
    "check": ("gradcheck",),
    "differences": ("BALANCE", "METHODS", "default_step", "numerical_jacobian", "numerical_jvp",
                    "numerical_vjp"),
    "report": ("GradcheckError", "GradcheckReport"),
    "stages": ("Stage", "StageTable", "softmax_stages", "stage_table"),
    "tolerance": ("softmax_tolerance",),
}
HOME_OF = {name: home for home, names in HOMES.items() for name in names}
__all__ = sorted(HOME_OF)


def __getattr__(name: str):
    if name not in HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{HOME_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
