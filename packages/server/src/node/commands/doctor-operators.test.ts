import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "../../platform/config/schema.ts";
import { checkOperators, checkOperatorToken } from "./doctor-operators.ts";

const OFF = { operators: { secondFactor: false } };
const advice = (settings: object) => checkOperators(configSchema.parse(settings)).map(({ state }) => state);

test("doctor advises a second factor of operators where it is switched off and more than the loopback reaches the server", () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.7", "school.example", "::ffff:192.0.2.7"])
    assert.deepEqual(advice({ http: { host }, ...OFF }), ["advice"], host);
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost"]) assert.deepEqual(advice({ http: { host }, ...OFF }), [], host);
});

test("doctor is content where operators need one, and says nothing of a node without accounts", () => {
  assert.deepEqual(advice({}), ["good"]);
  assert.deepEqual(advice({ roles: ["edge"], cluster: { nats: ["nats://127.0.0.1"], secret: "a secret of the cluster" } }), []);
});

test("doctor says when the operator's token ends, and advises an end and networks where it has none", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  const states = (token: object, value: string | undefined = "secret") =>
    checkOperatorToken(configSchema.parse({ operators: { token } }), value, now).map(({ state }) => state);
  const allowedNetworks = ["10.0.0.0/8"];
  assert.deepEqual(states({}), ["advice", "advice"]);
  assert.deepEqual(states({}, ""), []);
  assert.deepEqual(states({ allowedNetworks, expires: "2027-11-30T12:00:00Z" }), ["good"]);
  assert.deepEqual(states({ allowedNetworks, expires: "2026-12-10T12:00:00Z" }), ["advice"]);
  assert.deepEqual(states({ allowedNetworks, expires: "2026-11-30T12:00:00Z" }), ["bad"]);
});
