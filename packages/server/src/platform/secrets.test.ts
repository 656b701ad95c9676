import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { derivedSecret, equalSecrets, hashSecret, signBody } from "./secrets.ts";

test("secrets are equal only as a whole, whatever their lengths", () => {
  assert.ok(equalSecrets("s3cret", "s3cret"));
  for (const other of ["", "s3cre", "s3cret ", "S3cret"]) assert.ok(!equalSecrets("s3cret", other), other);
  assert.match(hashSecret("s3cret"), /^[0-9a-f]{64}$/);
});

test("a signature covers its time and the body", () => {
  const [, at, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signBody("body", "shared")) ?? [];
  assert.equal(hex, createHmac("sha256", "shared").update(`${at}.body`).digest("hex"));
});

test("each purpose has a secret of its own", () => {
  assert.notDeepEqual(derivedSecret("hls", "shared"), derivedSecret("nodes", "shared"));
  assert.deepEqual(derivedSecret("hls", "shared"), derivedSecret("hls", "shared"));
});
