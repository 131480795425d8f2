"""Carry out suspensions of organizations on the platform, and restore exactly what was changed.

`models` has what is changed, stored before anything is; `operations` hears of suspensions and
carries them out; `seen`, `users` and `limits` say what reading and requests have to know of them,
and `shown` what pages say.
"""
