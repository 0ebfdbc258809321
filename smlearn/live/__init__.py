"""Five views to move: live.jacobian(), upstream(), temperature(), step() and mistakes().

views.py makes them; look_*.py say what each draws and says in words; checks.py is the wall of 07;
scene.py and svg.py are one drawing for the page and for paper; controls.py, guess.py, side.py and
widget.py move it, typed.py reads what is typed, and hook.py says it to a screen reader.
"""

from .views import jacobian, mistakes, step, temperature, upstream

__all__ = ["jacobian", "mistakes", "step", "temperature", "upstream"]
