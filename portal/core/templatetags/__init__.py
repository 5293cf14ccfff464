"""Template tags of the portal: `{% load lodestone %}`."""
