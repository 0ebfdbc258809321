"""What people write where a softmax backward belongs, and how to recognise it.

`catalogue` the mistakes by name · `more_spellings` more ways to write them · `ordinary_slips` of
any function, made from it, by the rules of `slips_of_terms` and `slips_of_arrays` · `exchange` one
piece of its code for another · `trying` a function on cases, and whether it is like another ·
`trial` the same, called no further than is needed · `read_off_formula` that numbers follow ·
`finding` what is said · `public_count` of what was found.
"""

from .catalogue import MISTAKES, SOFTMAX_MISTAKES, Mistake, softmax_of_map
from .public_count import PUBLIC_COUNT

__all__ = ["MISTAKES", "PUBLIC_COUNT", "SOFTMAX_MISTAKES", "Mistake", "softmax_of_map"]
