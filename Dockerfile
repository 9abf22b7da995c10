FROM python:3.13-slim-trixie AS bouw
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY requirements-services.lock ./
RUN uv venv /app/.venv && uv pip sync --python /app/.venv/bin/python --require-hashes requirements-services.lock \
    && find /app/.venv -name __pycache__ -type d -prune -exec rm -rf {} +

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="zorgketen" org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin zorgketen
WORKDIR /app
COPY --from=bouw /app/.venv /app/.venv
COPY chassis ./chassis
COPY schemas ./schemas
COPY services ./services
COPY aanbieder ./aanbieder
COPY lokaal ./lokaal
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8000
# Which service runs is chosen at start: `python -m services.toewijzing`.
CMD ["python", "-m", "services.knooppunt"]
