"""Mark what a class has handed in: every copy is run again, and judged by the course's checker.

    python -m smlearn.marking submissions      writes marks/submissions/

`submissions` what was handed in · `run` a marking process for each copy · `conversation` one copy,
cell by cell, with `cells` what its cells say, read and not run, and `answers`, judged here; what
is found, `marks` · `far` an answer that is in another process, as the judge sees it, with its
`errors` · `wire` and `channel`, plain data between the two · `keeper` starts the learner's
process, behind `walls` · `learner` what is done there: `page` runs cells, `calls` calls an answer,
`looks` and `changes` look about · `gather` the learners of all copies · `sheet`, `feedback`,
`classroom`, with their `look`: what comes out.

**What a mark says.** A learner's code runs in processes of its own. The judge is in another, which
runs none of it: it sends arguments and reads plain data. So what a copy prints, stores, patches or
forges, its own copy of the checker included, is no verdict; the numbers that come back are what is
compared. Where Linux grants it, a copy has no network, sees no other process and no other copy,
and writes to nothing but a home that vanishes; a line says which of these walls stood.

**What it cannot say.** Who wrote the answer. Python hides nothing from code in the same process: a
copy can ask the course's reference for the numbers, as it can be typed from the solution, which is
never locked. That is told where it is seen: the course's own function handed in counts 0 (OWN); a
text that is the solution word for word, a call of the course's, names such as `ctypes`, a changed
module are flags in marks.csv, for a teacher to read. Nothing is proved by their absence. Marks are
for completion, and for what to discuss next; they are no examination.

A copy can read what the teacher can read, and a few lines of what its answers print or return
stand on its own page: read those pages before they are sent, if that matters.

**Not on Windows**, which has no fork and no limits: there, WSL. macOS has the limits on time and
files, but no walls, and none on memory. One limit is for each process, not for all of a copy.
"""
