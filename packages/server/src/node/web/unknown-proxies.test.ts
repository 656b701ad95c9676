/** Proxies that `trustedProxies` does not name. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Writable } from "node:stream";
import { test } from "node:test";
import { pino } from "pino";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { MediaRequest } from "../../live/http/media-request.ts";
import { AddressSet } from "../../platform/address.ts";
import { createApiServer } from "../../platform/api/server.ts";
import { Clients } from "./clients.ts";
import { proxiedHeaders } from "./proxied-headers.ts";
import { mayReadMetrics, warnOfUnknownProxies } from "./unknown-proxies.ts";

const limits = new AddressLimits(() => ({
  connections: 10,
  connectionsPerSecond: 10,
  requestsPerSecond: 10,
  joinsPerSecond: 10,
}));
const allow = new AddressSet(["127.0.0.0/8"]);

/** What the control process gets of a request that came from an address with headers. */
function passedOn(from: string, headers: Record<string, string>, trustedProxies: readonly string[] = []) {
  const clients = new Clients({ limits, trustedProxies, isNode: () => false });
  const raw = { method: "GET", url: "/metrics", headers, socket: { remoteAddress: from } } as never;
  return proxiedHeaders(new MediaRequest(raw, clients.identify(raw, false), new WeakSet()));
}

async function serve(requests: readonly Record<string, string | string[]>[]) {
  const lines: string[] = [];
  const log = pino(new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line)) as never) }));
  const app = createApiServer({ log, createServer: (handler) => createServer(handler) });
  warnOfUnknownProxies(app, log);
  app.get("/metrics", async (request) => ({ open: mayReadMetrics(request, allow) }));
  const open: boolean[] = [];
  for (const headers of requests) open.push((await app.inject({ url: "/metrics", headers })).json().open);
  await app.close();
  return { open, warnings: lines.filter((line) => line.includes("trustedProxies")) };
}

test("a proxy on this machine that is not named opens /metrics to nobody, and is warned of once", async () => {
  const { open, warnings } = await serve([
    passedOn("127.0.0.1", {}),
    passedOn("127.0.0.1", { "x-forwarded-for": "203.0.113.9" }),
    passedOn("127.0.0.1", { "x-forwarded-for": "127.0.0.1" }),
    passedOn("127.0.0.1", { forwarded: "for=203.0.113.9" }),
  ]);
  assert.deepEqual(open, [true, false, false, false]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /"proxy":"127\.0\.0\.1"/);
});

test("behind a proxy that is named, the client's own address decides, and nothing is warned of", async () => {
  const trusted = ["127.0.0.1"];
  const { open, warnings } = await serve([
    passedOn("127.0.0.1", { "x-forwarded-for": "203.0.113.9" }, trusted),
    passedOn("127.0.0.1", { "x-forwarded-for": "127.0.0.2" }, trusted),
  ]);
  assert.deepEqual([open, warnings], [[false, true], []]);
});

test("clients on the internet cause no warning, and nobody passes as a proxy by naming himself one", async () => {
  const { open, warnings } = await serve([
    passedOn("8.8.8.8", { "x-forwarded-for": "127.0.0.1" }),
    passedOn("127.0.0.1", { "x-lectern-unknown-proxy": "10.0.0.1" }),
  ]);
  assert.deepEqual([open, warnings], [[false, true], []]);
});
