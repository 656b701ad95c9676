import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "../../platform/config/schema.ts";
import { checkProxy } from "./doctor-proxy.ts";

const states = (settings: object, ...ports: number[]) =>
  checkProxy(configSchema.parse(settings), new Set(ports)).map(({ state }) => state);
const tls = { cert: "c.pem", key: "k.pem" };

test("doctor advises to name a proxy that stands before the server", () => {
  assert.deepEqual(states({}, 443, 8080), ["advice"], "something listens where a proxy does");
  assert.deepEqual(states({ http: { publicUrl: "https://school.example" } }), ["advice"], "only a proxy can serve HTTPS");
  assert.deepEqual(states({ trustedProxies: ["127.0.0.1"] }, 443), ["good"]);
});

test("doctor says nothing where the server has the ports itself, or nobody has them", () => {
  assert.deepEqual(states({}, 8080, 22), []);
  assert.deepEqual(states({ http: { port: 80, tls: { ...tls, port: 443 }, publicUrl: "https://school.example" } }, 80, 443), []);
});
