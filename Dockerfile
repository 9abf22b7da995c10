FROM python:3.13-slim-trixie AS bouw
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 PYTHONDONTWRITEBYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY requirements-services.lock ./
RUN uv venv /app/.venv \
    && uv pip sync --python /app/.venv/bin/python --require-hashes requirements-services.lock
COPY deploy/sbom.py ./
RUN /app/.venv/bin/python sbom.py > sbom.cdx.json

FROM python:3.13-slim-trixie
ARG VERSIE=0.1.0
ARG REVISIE=onbekend
LABEL org.opencontainers.image.title="zorgketen" \
      org.opencontainers.image.description="Services of the Dutch Wmo chain; which one runs is chosen at start" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="${VERSIE}" \
      org.opencontainers.image.revision="${REVISIE}"
# Nothing can be installed in what runs.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin zorgketen \
    && rm -rf "$(python -c 'import os, pip; print(os.path.dirname(pip.__file__))')" /usr/local/bin/pip*
WORKDIR /app
COPY --from=bouw /app/.venv /app/.venv
COPY --from=bouw /app/sbom.cdx.json /app/sbom.cdx.json
COPY chassis ./chassis
COPY schemas ./schemas
COPY services ./services
COPY beheer ./beheer
COPY aanbieder ./aanbieder
COPY lokaal ./lokaal
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8000
# Ready, not only alive: a container engine has no other question.
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('ZORGKETEN_POORT', '8000')}/readyz\", timeout=3)"]
# Which service runs is chosen at start: `python -m services.toewijzing`.
CMD ["python", "-m", "services.knooppunt"]
