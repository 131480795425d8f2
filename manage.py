#!/usr/bin/env python
"""Django's command line; `version` prints the version of the product."""

import os
import sys

from django.core.management import execute_from_command_line

from billing_admin.version import version

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    if sys.argv[1:] == ["version"]:
        # Django answers this one before it looks for commands, with a version of its own.
        print(version())
    else:
        execute_from_command_line(sys.argv)
