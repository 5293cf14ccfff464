"""Model fields that hold the portal's own values."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.months import Month


class MonthField(models.IntegerField):  # type: ignore[type-arg]
    """A reporting month, stored as one integer (``Month.index``) so that ranges and joins are plain."""

    # what the type checker's Django plugin reads: what may be assigned, what comes back, what is looked up
    _pyi_private_set_type: Month | int | str  # type: ignore[assignment]
    _pyi_private_get_type: Month  # type: ignore[assignment]
    _pyi_lookup_exact_type: Month | int | str  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Month | None:
        return None if value is None else Month(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, int):
            return Month(value)
        try:
            return Month.parse(str(value))
        except ValueError as error:
            raise ValidationError(
                _("Write the month as YYYY-MM, for example 2026-05."), code="month"
            ) from error

    def get_prep_value(self, value: Any) -> int | None:
        month = self.to_python(value)
        return None if month is None else month.index

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.CharField(
            max_length=7, required=not self.blank, label=kwargs.get("label", self.verbose_name)
        )
