/** Loading is most of a start: no process loads packages that only some of its work needs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

/** Prints the packages that are loaded with a file, one on each line. */
const TRACE = `
import { registerHooks } from "node:module";
const names = new Set();
registerHooks({
  load(url, context, next) {
    const name = url.split("/node_modules/").at(-1);
    if (name !== url) names.add(name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/"));
    return next(url, context);
  },
});
const { createApiServer } = await import(process.argv[1]);
const { createServer } = process.getBuiltinModule("node:http");
if (createApiServer) await createApiServer({ log: null, createServer: (handler) => createServer(handler) }).ready();
// Part of Node.js.
if (process.moduleLoadList.includes("NativeModule internal/deps/undici/undici")) names.add("undici");
process.stdout.write([...names].join("\\n"), () => process.exit(0));
`;

/** What is loaded with the first work that needs it. */
const LATER = [
  "@node-saml/node-saml",
  "@peculiar/x509",
  "@xmldom/xmldom",
  "@aws-sdk/client-s3",
  "@electric-sql/pglite",
  "@nats-io/transport-node",
  "@zxcvbn-ts/language-common",
  "csv-parse",
  "jose",
  "mmdb-lib",
  "nodemailer",
  "openid-client",
  "opencc-js",
  "otpauth",
  "pg",
  "pino-pretty",
  "qrcode",
  "undici",
  "xml-encryption",
];

function packagesOf(file: string): string[] {
  const path = join(import.meta.dirname, file);
  return execFileSync(process.execPath, ["--input-type=module", "--eval", TRACE, path], { encoding: "utf8" }).split("\n");
}

for (const [what, file, needed, others] of [
  ["the command", "../commands/serve.ts", "pino", ["fastify", "kysely", "prom-client", "ws"]],
  ["the supervisor", "supervisor.ts", "zod", ["fastify", "kysely", "prom-client", "ws", "yaml"]],
  ["the control process", "control.ts", "kysely", ["ws", "yaml"]],
  ["node services", "node-services.ts", "fastify", ["kysely", "ws", "yaml"]],
  ["the API server", "../../platform/api/server.ts", "find-my-way", ["ajv", "kysely"]],
  ["a media worker", "media-worker.ts", "ws", ["fastify", "kysely", "yaml"]],
] as const)
  test(`${what} starts without packages that only some of its work needs`, { timeout: 120_000 }, () => {
    const packages = packagesOf(file);
    assert.ok(packages.includes(needed), `${needed} is seen: ${packages.join(" ")}`);
    assert.deepEqual(
      [...LATER, ...others].filter((name) => packages.includes(name)),
      [],
    );
  });
