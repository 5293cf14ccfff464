"""The portal's settings, and the address of the endpoint that does nothing."""

from portal.config.settings import *  # noqa: F403 - as Django reads settings

ROOT_URLCONF = "tests.load.empty_endpoint"
