"""How static files are stored for real use: named by their content, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Modules that scripts import are named by content too."""

    support_js_module_import_aggregation = True
    manifest_strict = True
