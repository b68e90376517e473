# docker build -t nnprobe .                                                    on the CPU
# docker build -t nnprobe:cuda --build-arg TORCH_INDEX_URL=https://download.pytorch.org/whl/cu126 .
# docker run --init -p 127.0.0.1:8050:8050 -v nnprobe:/var/lib/nnprobe nnprobe

FROM python:3.12-slim AS build
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/nnprobe
WORKDIR /src
# Torch first and alone: the large layer stays while the code changes. Its bounds are pyproject.toml's.
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*(name for name in tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'] if name.startswith('torch')))" > torch.txt \
    && /opt/nnprobe/bin/pip install --index-url "$TORCH_INDEX_URL" -r torch.txt
COPY . ./
RUN pip wheel --no-deps --wheel-dir /wheels . && /opt/nnprobe/bin/pip install /wheels/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/nnprobe --create-home nnprobe
COPY --from=build /opt/nnprobe /opt/nnprobe
ENV PATH=/opt/nnprobe/bin:$PATH NNPROBE_HOME=/var/lib/nnprobe PYTHONUNBUFFERED=1
USER nnprobe
WORKDIR /var/lib/nnprobe
VOLUME /var/lib/nnprobe
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8050/api/health', timeout=4)"]
CMD ["nnprobe", "serve", "--host", "0.0.0.0", "--port", "8050"]
