import assert from "node:assert/strict";
import { test } from "node:test";
import { configSchema } from "../../platform/config/schema.ts";
import { checkOperators } from "./doctor-operators.ts";

const advice = (settings: object) => checkOperators(configSchema.parse(settings)).map(({ state }) => state);

test("doctor advises a second factor of operators where more than the loopback reaches the server", () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.7", "school.example", "::ffff:192.0.2.7"])
    assert.deepEqual(advice({ http: { host } }), ["advice"], host);
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost"]) assert.deepEqual(advice({ http: { host } }), [], host);
});

test("doctor is content where operators need one, and says nothing of a node without accounts", () => {
  assert.deepEqual(advice({ operators: { secondFactor: true } }), ["good"]);
  assert.deepEqual(advice({ roles: ["edge"], cluster: { nats: ["nats://127.0.0.1"], secret: "a secret of the cluster" } }), []);
});
