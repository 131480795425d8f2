"""The project: settings, addresses, and the copy on one's own machine (`make run`)."""

import zoneinfo

# Clock changes decide what a camera owes. Every machine must read them from the same pinned
# `tzdata` package, not from whatever its operating system happens to carry.
zoneinfo.reset_tzpath(to=[])
