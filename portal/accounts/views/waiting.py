"""Forms in which something can be guessed: refused for too many tries, they say when to go on, in words and as 429."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse


class SaysWhen:
    """For allauth's views: the status and the header of a refusal that the form keeps as ``too_many``."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        refusal = getattr(form, "too_many", None)
        if refusal is not None:
            answer.status_code = refusal.status
            answer["Retry-After"] = str(refusal.seconds)
        return answer
