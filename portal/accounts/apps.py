from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """A demonstration with real settings stops here; checks and receivers are loaded once models are."""
        import_module("portal.accounts.demonstration").refuse_real_settings()
        import_module("portal.accounts.system_checks")
        import_module("portal.accounts.receivers").connect()
