"""Django's PostgreSQL, whose connections know the fence."""
