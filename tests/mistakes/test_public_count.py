"""The count of public implementations is that of the sources that the notebooks tell of."""

from smlearn.mistakes import PUBLIC_COUNT


def test_the_kinds_add_up_to_all_that_were_found():
    """00 and 07 say 228, and of them 41 right for a batch and 109 wrong."""
    assert sum(PUBLIC_COUNT.values()) == 228
    assert (PUBLIC_COUNT["right for any batch"], PUBLIC_COUNT["wrong"]) == (41, 109)
