# The application, on the image of Dockerfile.os. It starts only with READSTONE_AUTH__TOKENS.
#   docker build --file Dockerfile.app --build-arg BASE=readstone-os --tag readstone .
#   docker run --read-only --tmpfs /tmp --volume readstone:/data --publish 8000:8000 \
#     --env READSTONE_AUTH__TOKENS readstone
# Jobs lie in /data.
# Optional sets are words: --build-arg SETS="one two" for config/requirements/{one,two}.txt.
# Without the second engine: --build-arg MINIMAL=yes.
ARG BASE=readstone-os

FROM ${BASE} AS build
# The final image has the user of the base.
# hadolint ignore=DL3002
USER 0
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-pip python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/readstone
COPY requirements.txt ./
COPY config/requirements config/requirements
ARG SETS=""
# hadolint ignore=SC2046,SC2086
RUN python3 -m venv --without-pip .venv \
 && python3 -m pip --python .venv/bin/python install --no-cache-dir --only-binary :all: \
      --constraint config/requirements/constraints.txt --requirement requirements.txt \
      ${SETS:+$(printf -- '--requirement config/requirements/%s.txt ' ${SETS})}
ARG MINIMAL=""
RUN [ -n "${MINIMAL}" ] \
 || python3 -m pip --python .venv/bin/python install --no-cache-dir --only-binary :all: --no-deps \
      --constraint config/requirements/constraints.txt --requirement config/requirements/rapidocr.txt
COPY config app/config
COPY src app/src
RUN python3 -m compileall -q app/src \
 && mkdir /data

FROM ${BASE}
ENV PATH=/opt/readstone/.venv/bin:$PATH \
    PYTHONPATH=/opt/readstone/src \
    PYTHONDONTWRITEBYTECODE=1 \
    READSTONE_ENV=prd \
    READSTONE_SERVER__HOST=0.0.0.0 \
    READSTONE_SERVER__PORT=8000 \
    READSTONE_DATA__FOLDER=/data
WORKDIR /opt/readstone
COPY --from=build /opt/readstone/.venv .venv
COPY --from=build /opt/readstone/app ./
# Owned by the user of the base, as is the volume that Docker makes of it.
COPY --from=build --chown=10001 /data /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=20s --timeout=5s \
  CMD ["python", "-c", "import os, urllib.request as u; \
       url = f\"http://127.0.0.1:{os.environ['READSTONE_SERVER__PORT']}/health\"; \
       u.build_opener(u.ProxyHandler({})).open(url, timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["python", "-m", "readstone", "serve"]
