"""The project: settings and addresses."""

import zoneinfo

# Clock changes decide what a camera owes. Every machine must read them from the same pinned
# `tzdata` package, not from whatever its operating system happens to carry.
zoneinfo.reset_tzpath(to=[])
