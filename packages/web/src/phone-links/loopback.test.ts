import assert from "node:assert/strict";
import { test } from "node:test";
import { loopbackHost } from "./loopback.ts";

test("a link of the computer itself is told from those that others reach", () => {
  assert.equal(loopbackHost("http://127.0.0.1:8080/j/K7MP2XQF"), "127.0.0.1:8080");
  assert.equal(loopbackHost("http://localhost/reset/secret"), "localhost");
  assert.equal(loopbackHost("https://school.localhost:8443/j/K7MP2XQF"), "school.localhost:8443");
  assert.equal(loopbackHost("http://[::1]:8080/j/K7MP2XQF"), "[::1]:8080");
  for (const reached of [
    "http://192.168.1.20:8080/",
    "https://school.example/j/K7MP2XQF",
    "https://localhost.example/",
    "http://[fe80::1]/",
  ])
    assert.equal(loopbackHost(reached), null, reached);
});
