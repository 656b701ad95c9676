import assert from "node:assert/strict";
import { test } from "node:test";
import { srtOptions } from "./srt-options.ts";

const options = (query: string) => srtOptions(new URL(`srt://a.example:9000${query}`));

test("options of the connection are handed on, one a line; others are not", () => {
  const it = options(
    "?streamid=publish:live/x%3Fkey%3Dsesame&passphrase=secret-phrase&latency=200000&mode=caller&localaddr=1.2.3.4&linger=5",
  );
  assert.ok(typeof it !== "string");
  assert.equal(it.preset, "streamid=publish:live/x?key=sesame\npassphrase=secret-phrase\nlatency=200000\n");
  const none = options("");
  assert.ok(typeof none !== "string");
  assert.equal(none.preset, "");
});

test("a value cannot begin another option, and the other side has to listen", () => {
  assert.match(String(options("?streamid=x%0Alocaladdr=1.2.3.4")), /value of streamid/);
  assert.match(String(options("?passphrase=")), /value of passphrase/);
  assert.match(String(options("?mode=listener")), /caller/);
  assert.match(String(options("?mode=rendezvous")), /caller/);
});

test("words of ffmpeg are told without what the address keeps secret", () => {
  const it = options("?streamid=publish:x&passphrase=secret-phrase");
  assert.ok(typeof it !== "string");
  assert.equal(it.redact("srt: publish:x with secret-phrase failed"), "srt: … with … failed");
});
