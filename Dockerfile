FROM node:26-slim
ENV NODE_ENV=production
ENV NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=512"
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY src src
COPY views views
COPY public public
COPY migrations migrations
COPY locales locales
USER node
EXPOSE 3000
CMD ["node", "src/main.ts"]
