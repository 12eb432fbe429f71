# The system below the application: Debian, Python, Tesseract with its languages.
#   docker build --file Dockerfile.os --build-arg LANGUAGES="eng osd fra" --tag readstone-os .
ARG DEBIAN=bookworm-slim
FROM debian:${DEBIAN}

ARG LANGUAGES="eng osd"
SHELL ["/bin/bash", "-c"]
# Versions are those of the Debian release, and languages are several words.
# hadolint ignore=DL3008,SC2046,SC2086
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 tesseract-ocr tini \
      $(printf 'tesseract-ocr-%s ' ${LANGUAGES//_/-}) \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin readstone

USER 10001
