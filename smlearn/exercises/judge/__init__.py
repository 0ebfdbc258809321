"""What is right and what is wrong with an answer, in plain data.

`judging` the looks in their order: the first that finds something decides · `observed` all that
can be seen of a function, `given` of a value · looks, in that order: `unanswered` whether there
is anything yet · `before_numbers` whether it runs and gives an array as asked · `second_calls` ·
`numbers` (with `factors`, `ordinary_slip`, `law_words`) · `other_gradients` of a dictionary, and
`page_names`, what was taken from the page · `values_and_names` looks at a value or a name ·
`advice` where code raises, `wrong_kinds` where something else came back, None too: what is said.
"""
