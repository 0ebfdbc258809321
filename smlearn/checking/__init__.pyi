"""For editors and type checkers, which do not see what `__init__.py` loads when asked for it."""

from .adjoint_and_taylor import Adjoint as Adjoint
from .adjoint_and_taylor import Taylor as Taylor
from .adjoint_and_taylor import check_adjoint as check_adjoint
from .adjoint_and_taylor import taylor_test as taylor_test
from .check import gradcheck as gradcheck
from .differences import BALANCE as BALANCE
from .differences import METHODS as METHODS
from .differences import default_step as default_step
from .differences import numerical_jacobian as numerical_jacobian
from .differences import numerical_jvp as numerical_jvp
from .differences import numerical_vjp as numerical_vjp
from .report import GradcheckError as GradcheckError
from .report import GradcheckReport as GradcheckReport
from .stages import Stage as Stage
from .stages import StageTable as StageTable
from .stages import softmax_stages as softmax_stages
from .stages import stage_table as stage_table
from .tolerance import softmax_tolerance as softmax_tolerance
