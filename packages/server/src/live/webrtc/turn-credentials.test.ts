import assert from "node:assert/strict";
import { test } from "node:test";
import { iceServerLinks } from "./turn-credentials.ts";

test("a TURN server's credentials expire, and prove the shared secret as coturn computes it", () => {
  const urls = ["turn:turn.example:3478?transport=udp", "stun:turn.example"];
  // printf '1700000060:math' | openssl dgst -sha1 -hmac north -binary | base64
  assert.deepEqual(iceServerLinks({ urls, secret: "north", ttlSeconds: 60 }, "math", 1_700_000_000_000), [
    '<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="1700000060:math"; credential="pjFKonSoUxZzDtoIGYgC4ZEPyrU="; credential-type="password"',
    '<stun:turn.example>; rel="ice-server"',
  ]);
});
