# dvinis with its pictures on Debian 12:  podman build -t dvinis . && podman run --rm -v "$PWD:/data" dvinis check /data/city
FROM docker.io/library/debian:12-slim
COPY . /dvinis
RUN cd /dvinis && tools/set-up demo && cmake --preset release -DDVINIS_TESTS=OFF -DDVINIS_BENCH=OFF \
 && cmake --build build/release --target programs && cmake --install build/release --prefix /usr/local \
 && rm -rf build /var/lib/apt/lists/*
WORKDIR /data
ENTRYPOINT ["dvinis"]
