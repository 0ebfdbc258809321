"""The course on a learner's machine: its pages in a folder of their own, and JupyterLab on them.

doctor.py says what is wrong with a machine; clearing.py is a page before anything was run;
copies.py puts pages into a folder, and keeps what the learner changed; lab.py opens them, quick to
answer by no_delay.py; check_file.py is gradcheck on somebody's own file.
"""

from .doctor import ready

__all__ = ["ready"]
