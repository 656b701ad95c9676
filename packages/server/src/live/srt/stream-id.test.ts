/** The stream ids that encoders and players are configured with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../../platform/refusal.ts";
import { loggableStream, readStreamId } from "./stream-id.ts";

const read = (text: string, apps: readonly string[] = ["live", "exam"]) => {
  const target = readStreamId(text, apps);
  if (target instanceof Refusal) return target.code;
  return [target.action, `${target.app}/${target.name}`, target.credentials.publishKey, target.backup];
};

test("the usual forms are understood", () => {
  const published = ["publish", "live/math", "s3cret", false];
  for (const id of [
    "#!::r=live/math,m=publish,key=s3cret",
    "#!::r=/live/math,m=publish,s=s3cret,u=anna",
    "#!::m=publish,t=stream,r=live/math?key=s3cret,h=school.example",
    "#!::u=anna,password=s3cret,r=live/math,m=publish",
    "%23!::r=live/math,m=publish,key=s3cret",
    "%23%21%3A%3Ar%3Dlive%2Fmath%2Cm%3Dpublish%2Ckey%3Ds3cret",
    "publish:live/math:s3cret",
    "publish%3Alive%2Fmath%3As3cret",
    "publish:/live/math:anna:s3cret",
    "publish:live/math?key=s3cret",
    "live/math?key=s3cret",
    " /live/math?key=s3cret\n",
  ])
    assert.deepEqual(read(id), published, id);
  for (const id of ["#!::r=live/math,m=request", "#!::r=live/math", "read:live/math", "request:live/math", "live/math?m=request"])
    assert.deepEqual(read(id), ["play", "live/math", null, false], id);
  assert.deepEqual(read("live/math"), ["publish", "live/math", null, false]);
  assert.deepEqual(read("#!::r=live/math,m=publish,key=k,backup=1"), ["publish", "live/math", "k", true]);
  assert.deepEqual(read("play:live/math@360p"), ["play", "live/math@360p", null, false]);
});

test("the application may be left out where there is one", () => {
  assert.deepEqual(read("publish:math:k", ["live"]), ["publish", "live/math", "k", false]);
  assert.equal(read("publish:math:k"), "bad-request");
});

test("a signed link is a viewer's", () => {
  const target = readStreamId("live/math?expires=1&viewer=anna&sign=abc", ["live"]);
  assert.ok(!(target instanceof Refusal));
  assert.deepEqual([target.action, target.credentials.link?.viewer], ["play", "anna"]);
  const standard = readStreamId("#!::r=live/math,m=request,expires=1,viewer=anna,sign=abc", ["live"]);
  assert.ok(!(standard instanceof Refusal));
  assert.deepEqual([standard.action, standard.credentials.link?.sign], ["play", "abc"]);
});

test("what names no stream is refused", () => {
  for (const id of [
    "",
    "#!::",
    "#!::m=publish",
    "#!::r=live/math,m=bidirectional",
    "publish:live/a b:k",
    "live/",
    "publish:live/math@360p:k",
  ])
    assert.equal(read(id), "bad-request", id);
  assert.equal(read("publish:other/math:k"), "not-found");
});

test("no key gets into a log", () => {
  for (const id of ["publish:live/math:s3cret", "#!::r=live/math,m=bidirectional,key=s3cret", "live/math?key=s3cret"])
    assert.equal(loggableStream(id, ["live"]), "live/math");
});

test("any text is survived", () => {
  fc.assert(fc.property(fc.string(), (text) => void loggableStream(text, ["live"])));
  fc.assert(fc.property(fc.string(), (text) => void readStreamId(`#!::${text}`, ["live"])));
  fc.assert(fc.property(fc.string(), (text) => void readStreamId(`publish:${text}`, ["live"])));
});
