"""Passwords: Argon2id at OWASP's parameters (19 MiB, t=2, p=1); Django's default costs nine times the time."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
