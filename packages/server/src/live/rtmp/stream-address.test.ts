import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { isStreamName } from "../stream-name.ts";
import { loggableName, readConnectAddress, readStreamAddress } from "./stream-address.ts";

const APPS = ["live", "school"];

/** APP NAME KEY of what an encoder with these two fields means, or why it is refused. */
function meant(server: string, streamKey: string): string {
  const connect = readConnectAddress(server, "", APPS);
  const found = readStreamAddress(streamKey, connect, isStreamName);
  if (found instanceof Refusal) return found.detail;
  return [found.app, found.name, found.credentials.publishKey ?? "-", ...(found.backup ? ["backup"] : [])].join(" ");
}

test("the usual ways to write an address", () => {
  assert.equal(meant("live", "math?key=s3cret"), "live math s3cret");
  assert.equal(meant("live?key=s3cret", "math"), "live math s3cret");
  assert.equal(meant("live", "mp4:math?backup=1&key=s3cret"), "live math s3cret backup");
});

test("the whole address in the field for the server, with and without the stream key again", () => {
  assert.equal(meant("live/math?key=s3cret", ""), "live math s3cret");
  assert.equal(meant("live/math", "?key=s3cret"), "live math s3cret");
  assert.equal(meant("live/math/", "math?key=s3cret"), "live math s3cret");
  const { app, name } = readConnectAddress("", "rtmp://example.org:1935/live/math?key=x", APPS);
  assert.deepEqual([app, name], ["live", "math"]);
});

test("the whole address, or the app as well, in the field for the stream key", () => {
  assert.equal(meant("live", "rtmp://example.org/live/math?key=s3cret"), "live math s3cret");
  assert.equal(meant("live", "/live/math?key=s3cret"), "live math s3cret");
  assert.equal(meant("school/_definst_", "math?key=s3cret"), "school math s3cret");
});

test("slashes, spaces and line ends around", () => {
  assert.equal(meant("live/", "math/?key=s3cret"), "live math s3cret");
  assert.equal(meant("/live//", "/math?key=s3cret\r\n"), "live math s3cret");
  assert.equal(meant(" live ", " math ?key= s3cret "), "live math s3cret");
  assert.equal(meant("live", "math?key=s3cret%0A"), "live math s3cret");
});

test("an ampersand for the question mark, and question marks for ampersands or within a key", () => {
  assert.equal(meant("live", "math&key=s3cret"), "live math s3cret");
  assert.equal(meant("live/math&key=s3cret", ""), "live math s3cret");
  assert.equal(meant("live", "math?backup=1?key=s3cret"), "live math s3cret backup");
  assert.equal(meant("live", "math?key=s3?cret"), "live math s3?cret");
  assert.equal(meant("live?key=s3?cret", "math"), "live math s3?cret");
});

test("what may mean two things is refused with words that say where the key belongs", () => {
  assert.match(meant("live/math", "s3cret"), /the stream key math\?key=KEY/);
  assert.match(meant("live", ""), /the stream key NAME\?key=KEY/);
  assert.match(meant("live", "math's stream"), /Its key follows it/);
  assert.match(meant("live", "math@360p?key=x"), /letters, digits/);
});

test("an app that is not there is named as it was given", () => {
  assert.equal(readConnectAddress("other/math", "", APPS).app, "other/math");
  assert.equal(readConnectAddress("lively/math", "", APPS).app, "lively/math");
});

test("no key gets into a log", () => {
  const live = readConnectAddress("live", "", APPS);
  assert.equal(loggableName("a b&key=s3cret", live), "a b");
  assert.equal(loggableName("s3cret", readConnectAddress("live/math", "", APPS)), "math");
});
