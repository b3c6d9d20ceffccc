# syntax=docker/dockerfile:1
# BASE=with-ffmpeg makes the image of the worker that makes films.
ARG BASE=runtime

# One image for every role (docker-compose.yml says which); `--target sandbox` adds the world outside.

FROM python:3.13-slim-trixie AS packages
WORKDIR /app
# With what speaks to a provider of mails: the environment says whether there is one.
COPY requirements/anymail.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary=:all: -r requirements/anymail.txt

# The external services' own packages. The servers among them are not used in a container.
FROM packages AS sandbox-packages
COPY requirements/sandbox.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    /venv/bin/pip install --require-hashes --only-binary=:all: -r requirements/sandbox.txt

FROM python:3.13-slim-trixie AS runtime
# A number, so that an orchestrator can see that it is not root. /data: documents and uploads.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin halyard \
    && install -d -o 10001 -g 10001 /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    HOME=/tmp \
    DATA_DIR=/data \
    STATIC_ROOT=/app/static
WORKDIR /app

# Debian's, a program of its own: GPL. 400 MB with its libraries.
FROM runtime AS with-ffmpeg
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/*

FROM runtime AS sandbox
COPY --from=sandbox-packages /venv /venv
COPY deploy/alive.py deploy/
COPY sandbox sandbox
RUN python -m compileall -q .
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-I", "-S", "deploy/alive.py", "http://127.0.0.1:8001/healthz"]
CMD ["python", "-m", "sandbox"]

FROM ${BASE} AS app
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py LICENSE ./
COPY deploy/alive.py deploy/flower.py deploy/monitor.py deploy/web.py deploy/
COPY config config
COPY notifications notifications
COPY reports reports
COPY reviews reviews
COPY contact contact
COPY webhooks webhooks
COPY shop shop
COPY orders orders
COPY media media
COPY accounts accounts
COPY audit audit
COPY deferral deferral
# Nothing is written after this: the file system is read-only when it runs.
RUN python -m compileall -q . && python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-I", "-S", "deploy/alive.py", "http://127.0.0.1:8000/healthz"]
CMD ["python", "-m", "gunicorn", "config.wsgi", "-c", "deploy/web.py", "--workers", "2", "-b", "0.0.0.0:8000"]
