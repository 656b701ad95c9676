/** Serves the OpenAPI document, and pages that show it. */
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import type { FastifyInstance } from "fastify";
import { type DescribedApi, postmanCollection } from "../../platform/api/postman-collection.ts";
import { API_PREFIX } from "../../platform/api/route.ts";
import { API_DOCS_FILES } from "./api-docs-files.ts";
import { contentPolicy } from "./content-policy.ts";

const COLLECTION = "/api/docs/lectern.postman_collection.json";
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lectern API</title>
<link rel="stylesheet" href="${API_DOCS_FILES.path}swagger-ui.css">
<link rel="stylesheet" href="/api/docs/page.css">
<p class="elsewhere">
  <a href="${API_PREFIX}/openapi.json">OpenAPI</a>
  <a href="${COLLECTION}" download>Postman, Bruno, Insomnia</a>
</p>
<div id="swagger-ui"></div>
<script src="${API_DOCS_FILES.path}swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
`;
/** Hundreds of routes: folded, with a search for folders, and one address for each route. The key stays in the browser for the next visit. */
const OPTIONS = {
  url: `${API_PREFIX}/openapi.json`,
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
};
/** The library has a dark theme by this class. */
const START = `SwaggerUIBundle(${JSON.stringify(OPTIONS)});
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();
`;
const STYLE = `body { margin: 0 }
.elsewhere { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 0; padding: 0.75rem 1.25rem; font: 1rem/1.5 system-ui, sans-serif }
.elsewhere a { color: #0b6e6e }
.dark-mode .elsewhere a { color: #6ecbcb }
.swagger-ui .wrapper { padding: 0 1.25rem }
.swagger-ui .info { margin: 1rem 0 }
@media (max-width: 40rem) { .swagger-ui .opblock .opblock-summary-path { max-width: 100% } }
`;

/** @param document builds the OpenAPI document, which the first reader waits for: most servers have none @param origin the server's own, as people reach it */
export function apiPages(app: FastifyInstance, document: () => unknown, origin: () => string): void {
  let text: string | null = null;
  app.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => {
    text ??= JSON.stringify(document());
    return reply.type("application/json; charset=utf-8").send(text);
  });
  app.get(COLLECTION, async (_request, reply) => {
    reply.header("content-disposition", `attachment; filename="${basename(COLLECTION)}"`);
    return reply
      .type("application/json; charset=utf-8")
      .send(JSON.stringify(postmanCollection(document() as DescribedApi, origin())));
  });
  app.get("/api/docs/page.css", async (_request, reply) => reply.type("text/css; charset=utf-8").send(STYLE));
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
