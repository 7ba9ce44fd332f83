# Builds with the compiler at hand, ships without it: Node, the compiled program, its packages, its settings.
FROM node:24-slim AS build
WORKDIR /app
# better-sqlite3 is compiled from source where no prebuilt binary is to be had.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production WSB_STATE_DIR=/state
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
COPY migrations ./migrations
# The only writable place; everything else may be mounted read-only.
RUN mkdir -m 0700 /state && chown 10001:10001 /state
VOLUME /state
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WSB__HTTP__PORT || 8787}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-proto=delete", "/app/dist/cli/main.js"]
CMD ["run"]
