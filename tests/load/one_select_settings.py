"""The portal's settings, and the address of the one indexed SELECT."""

from portal.config.settings import *  # noqa: F403 - as Django reads settings

ROOT_URLCONF = "tests.load.one_select"
