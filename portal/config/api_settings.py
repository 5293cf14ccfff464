"""Settings of the API's framework and of its OpenAPI document."""

from __future__ import annotations

from typing import Any

# Everything else stands on ``portal.core.api.endpoint.Endpoint``, where whoever reads a view looks for it.
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "portal.core.api.schema.Described",
    "URL_FORMAT_OVERRIDE": None,
}
API_AUTHENTICATION = "portal.accounts.api.BearerToken"
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Lodestone",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": (
        "Monthly filings, registers and findings for companies' own software. Field names are those of the data "
        "dictionary; decimals are strings; times carry their offset. Every refusal is application/problem+json with a "
        "stable code and a JSON pointer to each faulty place. The guide is docs/api.md."
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "docExpansion": "list"},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
    "TAGS": [
        {
            "name": "Filings",
            "description": "A month: sent as lines or as a file, checked, handed over, signed, amended.",
        },
        {"name": "Duties", "description": "What is due when, and what the regulator found and asks."},
        {"name": "Registers", "description": "Products, lots and counterparties of your organisation."},
        {
            "name": "Licensing",
            "description": "Whether goods are controlled, licences and what is left of them, checks at the border.",
        },
        {"name": "Webhooks", "description": "Addresses of your own system that are told of events."},
        {"name": "Work", "description": "Long work: its state and result."},
        {"name": "Public", "description": "Open to everybody."},
    ],
}
