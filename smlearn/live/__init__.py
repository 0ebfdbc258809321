"""Five views to move: live.jacobian(), upstream(), temperature(), step() and mistakes().

views.py makes them; look_*.py say what each draws and says in words; scene.py and svg.py are one
drawing for the page and for paper; controls.py and widget.py move it.
"""

from .views import jacobian, mistakes, step, temperature, upstream

__all__ = ["jacobian", "mistakes", "step", "temperature", "upstream"]
