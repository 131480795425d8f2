"""Carry out suspensions of organizations on the platform, and restore exactly what was changed.

`models` has what is changed, stored before anything is; `operations` hears of suspensions and
carries them out; `seen` says what reading has to know of them, and `shown` what pages say.
"""
