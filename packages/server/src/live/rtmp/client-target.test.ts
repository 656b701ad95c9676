import assert from "node:assert/strict";
import { test } from "node:test";
import { clientTarget, withoutSecrets } from "./client-target.ts";

const target = (address: string) => clientTarget(new URL(address));
const names = (address: string) => {
  const { app, name } = target(address);
  return [app, name];
};

test("the last element of the path is the name, and the query goes with it", () => {
  assert.deepEqual(names("rtmp://a.example/live/math"), ["live", "math"]);
  assert.deepEqual(names("rtmp://a.example/live/math?key=a/b&c=d"), ["live", "math?key=a/b&c=d"]);
  assert.deepEqual(names("rtmp://a.example/live/instance/math"), ["live/instance", "math"]);
  assert.deepEqual(names("rtmp://a.example/live/"), ["live", ""]);
  assert.deepEqual(names("rtmp://a.example/live"), ["live", ""]);
  assert.deepEqual(names("rtmp://a.example"), ["", ""]);
});

test("a name may stand behind the query of the app", () => {
  assert.deepEqual(names("rtmp://a.example/live?auth=x%2By/math"), ["live?auth=x%2By", "math"]);
});

test("names reach the server as they were typed", () => {
  assert.deepEqual(names("rtmp://a.example/直播/数学 1?口令=甲"), ["直播", "数学 1?口令=甲"]);
  assert.deepEqual(names("rtmp://a.example/live/a%2Fb#c"), ["live", "a%2Fb#c"]);
  assert.deepEqual(names("rtmp://a.example/live/%ff"), ["live", "%ff"]);
});

test("the address of the app has the host as it was typed, and nothing secret", () => {
  assert.equal(target("rtmps://user:secret@a.example/live/math?key=x").tcUrl, "rtmps://a.example/live");
  assert.equal(target("rtmp://a.example:1936/live/math").tcUrl, "rtmp://a.example:1936/live");
  assert.equal(target("rtmp://[::1]:1936/live/math").tcUrl, "rtmp://[::1]:1936/live");
});

test("user and password are those that were meant", () => {
  const { user, password } = target("rtmp://us%40er:p%2Fw@a.example/live/math");
  assert.deepEqual([user, password], ["us@er", "p/w"]);
});

test("what a server says is told without the key, in one short line", () => {
  const secret = target("rtmp://user:hunter2@a.example/live?app=sesame/stream-key?sign=abcdef&t=1");
  const said = withoutSecrets("no\r\nstream-key?sign=abcdef for user hunter2, sesame or abcdef; stream-key", secret);
  assert.equal(said, "no …?sign=… for … …, … or …; …");
  assert.equal(withoutSecrets("x".repeat(1000), secret).length, 200);
  assert.equal(withoutSecrets("not live", target("rtmp://a.example/live/x")), "not live");
});
