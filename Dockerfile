# One image for web, relay, worker and beat; the command says which.
FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /srv/lodestone
COPY .ci/requirements.txt requirements.txt
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11.14-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/srv/lodestone/.venv/bin:$PATH \
    LODESTONE_MODE=production \
    LODESTONE_VAR=/var/lib/lodestone
RUN useradd --system --uid 10001 --home-dir /var/lib/lodestone --create-home lodestone
WORKDIR /srv/lodestone
COPY --from=packages /srv/lodestone/.venv .venv
COPY manage.py pyproject.toml ./
COPY portal portal
COPY reporting reporting
COPY licensing licensing
COPY templates templates
COPY static static
COPY locale locale
# The catalogues and static files are part of the image; building them needs no secret and no database.
RUN LODESTONE_MODE=test LODESTONE_VAR=/tmp/build python manage.py translations --compile \
 && rm -rf /tmp/build
USER 10001
VOLUME /var/lib/lodestone
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'X-Forwarded-Proto': 'https', 'Host': 'localhost'}), timeout=4)"]
CMD ["gunicorn", "portal.config.wsgi", "--config", "python:portal.config.gunicorn", "--bind", "0.0.0.0:8000"]
