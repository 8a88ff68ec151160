# The platform service: docker build --tag nmp-platform .
# How it is run: docs/operations.md

ARG NODE_IMAGE=node:20-slim

# What the packages need, and nothing of what they are: as long as that stays the same, it is installed once.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY libs/auth/package.json libs/auth/
COPY libs/cli/package.json libs/cli/
COPY libs/dev-idp/package.json libs/dev-idp/
COPY libs/sdk/package.json libs/sdk/
COPY libs/tokens/package.json libs/tokens/

FROM manifests AS build
RUN npm ci --include=dev --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY libs/tokens libs/tokens
COPY libs/auth libs/auth
COPY docs/errors.md docs/
COPY src src
RUN NMP_SKIP_INSTALL=1 node scripts/build.mjs platform

# The packages of the service alone: not those of the command line program, nor those that build and test.
FROM manifests AS dependencies
RUN npm ci --omit=dev --omit=optional --ignore-scripts --include-workspace-root --workspace @nmp/auth --workspace @nmp/tokens

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
ENV NMP_SERVER_HOST=0.0.0.0
# Wins over the file, so that the health check below knows it.
ENV NMP_SERVER_PORT=8080
ENV NMP_DATA_DIR=/var/lib/nmp-platform/data
RUN install --directory --owner=1000 --group=1000 --mode=0700 /var/lib/nmp-platform
WORKDIR /app
COPY LICENSE package.json ./
COPY config/roles.yaml config/
COPY policy/authz.wasm policy/authz.wasm.json policy/
COPY policy/authz policy/authz
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/libs/tokens/package.json libs/tokens/
COPY --from=build /app/libs/tokens/dist libs/tokens/dist
COPY --from=build /app/libs/auth/package.json libs/auth/
COPY --from=build /app/libs/auth/dist libs/auth/dist
COPY --from=build /app/dist dist
# By number: Kubernetes cannot tell of a name that it is not root's.
USER 1000:1000
# All that is ever written to; everything else may be read-only.
VOLUME /var/lib/nmp-platform
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.NMP_SERVER_PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and ends by SIGTERM itself, after the requests under way; it starts no others to look after.
CMD ["node", "dist/main.js"]
