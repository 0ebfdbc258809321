"""What is right and what is wrong with an answer, in plain data.

`judging` the looks in their order: the first that finds something decides · `seen` all that can be
seen of a function · looks, in that order: `unanswered` whether there is anything yet · `form` ·
`second_calls` · `numbers` (with `factors` and `laws`) · `other_entries` of a dictionary, and
`page_names`, what was taken from the page · `answers` looks at a value or a name · `advice`,
`wrong_kinds` what is said.
"""
