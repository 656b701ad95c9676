import assert from "node:assert/strict";
import { test } from "node:test";
import { iceServersOf } from "./ice-servers.ts";

test("servers and their credentials are read from links; others are left out", () => {
  const header = [
    "nonsense",
    '<stun:stun.school.example:3478>; rel="ice-server"',
    '<turn:turn.school.example:3478?transport=udp>; rel="ice-server"; username="1790000000:math, 2"; credential="a=b;c"; credential-type="password"',
    '<https://school.example/>; rel="next"',
    '<turn:open.example>; rel="ice-server"',
    "<stuns:other.example>; rel=ice-server",
  ].join(", ");
  assert.deepEqual(iceServersOf(header), [
    { urls: "stun:stun.school.example:3478" },
    { urls: "turn:turn.school.example:3478?transport=udp", username: "1790000000:math, 2", credential: "a=b;c" },
    { urls: "stuns:other.example" },
  ]);
  assert.deepEqual(iceServersOf(null), []);
});
