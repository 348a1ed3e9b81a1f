#!/usr/bin/env python3
"""Django's command line for the portal."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbs_portal.settings")
    from django.core.management import execute_from_command_line

    from sbs_portal.faults import in_words

    with in_words():
        execute_from_command_line(sys.argv)
