"""Hostile and clumsy answers, as a table: whatever is handed to a check, the check comes back.

    table.py       what an attempt is, and how it is written down
    raises.py ...  the attempts, one family a file
    limits.py      what nothing in the same process can stop, and what happens then
    probes.py      what must be the same before and after
    trying.py      tries one attempt, and says what went wrong with the check
    kernels.py     the same attempts as cells of a notebook

The attempts are ordinary functions, so that their source can be sent to a kernel, too.
"""
