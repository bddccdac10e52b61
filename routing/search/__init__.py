"""The deep search: ruin and recreate over the full model, compiled by numba.

`layout` says how a day and a plan lie in flat arrays; `build` fills them; `clock`, `walk`, `gap` and
`route` keep one route's cached numbers true; `ruin`, `recreate` and `anneal` are the search;
`climb` runs it in threads, watches the clock and lets them exchange plans.
"""
