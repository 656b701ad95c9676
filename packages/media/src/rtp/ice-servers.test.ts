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

test("ICE servers are read from links, as one header or several; other links are not", () => {
  const header =
    '<stun:stun.example.net>; rel="ice-server", <turn:turn.example.net?transport=udp>; rel="ice-server"; username="user,1"; credential="a;b"; credential-type="password", </x>; rel="next"';
  assert.deepEqual(iceServersOf(header), [
    { urls: "stun:stun.example.net" },
    { urls: "turn:turn.example.net?transport=udp", username: "user,1", credential: "a;b" },
  ]);
  assert.deepEqual(iceServersOf(null), []);
  assert.deepEqual(iceServersOf("nonsense <,>;;"), []);
});
