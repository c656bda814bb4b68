"""Words that hold a sentence together and say nothing of its subject.

They are left out of ranked matching (a question of fifteen words costs half, and finds the same papers), never
out of exact phrases. The list is short on purpose: words such as ``method`` or ``no`` can carry a query, and
BM25 already gives what is frequent little weight.
"""

_LIST = """
    a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing during each for from further had has have having he her here hers him his how i
    if in into is it its itself just may me might more most must my nor of off on once only or other our ours over
    own same she should so some such than that the their theirs them then there these they this those through to
    too under until up upon us very was we were what when where whether which while who whom whose why will with
    within would you your yours
"""

FUNCTION_WORDS = frozenset(_LIST.split())
