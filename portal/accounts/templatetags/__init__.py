"""Template tags about people and the trail: `{% load trail %}`."""
