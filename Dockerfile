# The production image: one command, `ledger`, for migrate, serve, follow, backup and the rest. No compiler, no tests, no server.

FROM python:3.11-slim-trixie AS build
WORKDIR /app
COPY requirements-run.lock ./
RUN python3 -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-run.lock \
 && echo /app > .venv/lib/python3.11/site-packages/episode-ledger.pth
COPY bin/ledger bin/entrypoint bin/
COPY domain domain
COPY application application
COPY interface interface
# The file system is read-only where this runs, so what Python would write at first use is written now.
RUN .venv/bin/python -m compileall -q domain application interface

FROM python:3.11-slim-trixie
# A number of its own: the host's file of secrets is given to it (docs/operating.md).
RUN groupadd --gid 10001 ledger \
 && useradd --uid 10001 --gid ledger --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ledger \
 && install -d -o 10001 -g 10001 -m 700 /var/lib/ledger
# `ledger backup` and `ledger restore` run pg_dump and pg_restore, of the database's version or newer. Not pinned: Debian's release
# fixes the version, and its security updates are wanted.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client-17 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["/app/.venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/livez', timeout=4)"]
ENTRYPOINT ["/app/bin/entrypoint"]
CMD ["serve", "--host", "0.0.0.0"]
