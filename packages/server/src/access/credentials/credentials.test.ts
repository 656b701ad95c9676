import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsOf, rtmpParameters, sessionCredentials } from "./credentials.ts";
import { viewerSet, viewerTag } from "./viewer-set.ts";

test("a publish key comes in the query, or as a bearer token", () => {
  const key = (query: string, authorization?: string) => credentialsOf(new URLSearchParams(query), authorization).publishKey;
  assert.equal(key("key=a"), "a");
  assert.equal(key("key="), null);
  assert.equal(key("", "Bearer b"), "b");
  assert.equal(key("key=a", "Bearer b"), "a");
  assert.equal(key("", "Basic b"), null);
});

test("a link is complete with a signature and an expiry; what it is bound to may be absent", () => {
  const link = (query: string) => credentialsOf(new URLSearchParams(query)).link;
  assert.equal(link("sign=00"), null);
  assert.equal(link("expires=1"), null);
  assert.deepEqual(link("sign=00&expires=1"), { sign: "00", expires: "1", ip: "", viewer: "" });
  assert.deepEqual(link("sign=00&expires=1&ip=::1&viewer=anna"), { sign: "00", expires: "1", ip: "::1", viewer: "anna" });
});

test("credentials belong to the viewer that the address or the session names", () => {
  const named = credentialsOf(new URLSearchParams("viewer=anna"));
  assert.deepEqual([named.viewer, named.isAmong(viewerSet(["anna"])), named.isAmong(viewerSet(["ben"]))], ["anna", true, false]);
  assert.equal(credentialsOf(new URLSearchParams()).isAmong(viewerSet([""])), false);
  assert.equal(sessionCredentials(viewerTag("ben")).isAmong(viewerSet(["anna", "ben"])), true);
});

test("callbacks get the query as it was sent", () => {
  assert.equal(credentialsOf(new URLSearchParams("token=a%20b&key=c")).query, "?token=a+b&key=c");
  assert.equal(credentialsOf(new URLSearchParams()).query, "");
});

test("RTMP parameters behind the stream's name win over those behind the app", () => {
  const query = rtmpParameters("key=name", "key=app&backup=1");
  assert.deepEqual(Object.fromEntries(query), { key: "name", backup: "1" });
});
