"""The project: settings and URLs."""

import zoneinfo

# Clock changes affect charges. Every machine must read them from the same pinned `tzdata`
# package, not from its operating system.
zoneinfo.reset_tzpath(to=[])
