/** Serves the OpenAPI document, and pages that show it. */
import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { API_PREFIX } from "../../platform/api/route.ts";
import { API_DOCS_FILES } from "./api-docs-files.ts";
import { contentPolicy } from "./content-policy.ts";

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lectern API</title>
<link rel="stylesheet" href="${API_DOCS_FILES.path}swagger-ui.css">
<div id="swagger-ui"></div>
<script src="${API_DOCS_FILES.path}swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
`;
const START = `SwaggerUIBundle({ url: "${API_PREFIX}/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true });\n`;

/** @param document builds the OpenAPI document, which the first reader waits for: most servers have none */
export function apiPages(app: FastifyInstance, document: () => unknown): void {
  let text: string | null = null;
  app.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => {
    text ??= JSON.stringify(document());
    return reply.type("application/json; charset=utf-8").send(text);
  });
  app.get("/api/docs", async (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header(
        "content-security-policy",
        contentPolicy({ nonce: randomBytes(12).toString("base64url"), frames: "'self'", isOneOfMany: false }),
      )
      .send(PAGE),
  );
  app.get("/api/docs/start.js", async (_request, reply) => reply.type("text/javascript; charset=utf-8").send(START));
}
