"""Run learner code so that nothing it does reaches the page, and note what can be seen of it.

`clock` stops what does not stop by itself, `plain_data` is what remains of what comes back,
`process` (with `held`, `interpreter`) and `undisturbed` (with `page_variables`) put back what was
changed around it, `exits` closes the ways out; `call` brings them together.

What no sandbox inside of a process can hold: a signal that kills (SIGKILL, SIGTERM), one long call
into C, memory that is overwritten through ctypes, files that were written, what a thread that was
left running does later (the verdict says that there is one), what a `__del__` does in a circle
that Python finds later, and what is hidden deeper in a page's variables than three levels.
"""
