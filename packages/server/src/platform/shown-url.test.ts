import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { secretCover, shownAddress } from "./shown-url.ts";

test("user and password are covered, and the rest stays as it was written", () => {
  for (const [url, shown] of [
    [
      "rtsp://admin:p%40ss@10.0.0.7:554/Streaming/Channels/101?transport=udp",
      "rtsp://***@10.0.0.7:554/Streaming/Channels/101?transport=udp",
    ],
    ["rtsp://admin:p@ss@camera/live", "rtsp://***@camera/live"],
    ["https://user@HOST/live/A.m3u8", "https://***@HOST/live/A.m3u8"],
    ["rtmp://host/live/math", "rtmp://host/live/math"],
    ["udp://@239.1.1.1:5000", "udp://@239.1.1.1:5000"],
    ["https://host/a@b/c.flv", "https://host/a@b/c.flv"],
    ["file:lessons/one.mp4", "file:lessons/one.mp4"],
    ["no address", "no address"],
    ["", ""],
  ] as const)
    assert.equal(shownAddress(url), shown);
});

test("values of parameters that are secrets are covered; their names and all other parameters stay", () => {
  for (const [url, shown] of [
    [
      "srt://h:9000?mode=caller&streamid=abc&passphrase=0123456789&latency=200",
      "srt://h:9000?mode=caller&streamid=***&passphrase=***&latency=200",
    ],
    ["srt://h:9000?streamid=#!::r=live/x,m=request&latency=200", "srt://h:9000?streamid=***&latency=200"],
    ["https://h/a.m3u8?txSecret=1f&txTime=5", "https://h/a.m3u8?txSecret=***&txTime=5"],
    ["https://h/a.flv?auth_key=1-2-3&quality=hd", "https://h/a.flv?auth_key=***&quality=hd"],
    ["https://h/a.flv?X-Amz-Signature=ab&X-Amz-Credential=cd", "https://h/a.flv?X-Amz-Signature=***&X-Amz-Credential=***"],
    ["rtmp://h/live/a?token=1&sign=2&key=3&secret=4", "rtmp://h/live/a?token=***&sign=***&key=***&secret=***"],
    ["https://h/a.flv?%6bey=1", "https://h/a.flv?%6bey=***"],
    ["https://h/a.flv?TOKEN=a=b", "https://h/a.flv?TOKEN=***"],
    ["https://h/a.flv?eyJhbGciOiJIUzI1NiJ9.e30", "https://h/a.flv?***"],
    ["https://h/a.flv?live", "https://h/a.flv?live"],
    ["https://h/a.flv?_upt=abcdef121511700000", "https://h/a.flv?_upt=***"],
    ["https://h/a.flv?_upp=abcdef12&_uph=1", "https://h/a.flv?_upp=***&_uph=***"],
    ["https://h/a.flv?KEY1=5f2a&KEY2=55bd", "https://h/a.flv?KEY1=***&KEY2=***"],
    ["https://h/a.flv?md5=x_-y&expires=1800000000", "https://h/a.flv?md5=***&expires=1800000000"],
    ["rtmp://h/live/a?wsSecret=1f&wsABSTime=5f2a", "rtmp://h/live/a?wsSecret=***&wsABSTime=5f2a"],
    ["https://h/a.m3u8?hdnea=st=1~hmac=2&hdntl=3", "https://h/a.m3u8?hdnea=***&hdntl=***"],
    ["https://h/a.m3u8?md5hash=1&AccessKeyId=2&psw=3&t=4", "https://h/a.m3u8?md5hash=***&AccessKeyId=***&psw=***&t=4"],
    ["https://h/a.flv?update=1&monkeys=2&supply=3&chasing=4", "https://h/a.flv?update=1&monkeys=2&supply=3&chasing=4"],
    ["srt://h:1?pbkeylen=16", "srt://h:1?pbkeylen=16"],
  ] as const)
    assert.equal(shownAddress(url), shown);
});

const MD5 = "0123456789abcdef0123456789ABCDEF";

test("a signature in the path is covered, and other parts of paths stay", () => {
  for (const [url, shown] of [
    [`https://h/202611231830/${MD5}/live/a.flv`, "https://h/202611231830/***/live/a.flv"],
    [`https://h/${MD5}/55bd5c80/live/a.m3u8?delay=low`, "https://h/***/55bd5c80/live/a.m3u8?delay=low"],
    [`https://h/dl/${MD5}/55bd5c80/a.flv`, "https://h/dl/***/55bd5c80/a.flv"],
    [`https://h/live/${MD5}/index.m3u8`, `https://h/live/${MD5}/index.m3u8`],
    [`https://h/live/${MD5}`, `https://h/live/${MD5}`],
  ] as const)
    assert.equal(shownAddress(url), shown);
  assert.equal(
    secretCover(`https://h/202611231830/${MD5}/live/a.flv`)(`GET /202611231830/${MD5}/live/a.flv: 403`),
    "GET /202611231830/***/live/a.flv: 403",
  );
});

test("a shown address has nothing more to cover", () => {
  const part = fc.string({ unit: fc.constantFrom(..."abk:/@?&=#%.key*-") });
  fc.assert(
    fc.property(part, (rest) => assert.equal(shownAddress(shownAddress(`rtsp://${rest}`)), shownAddress(`rtsp://${rest}`))),
  );
});

test("secrets are covered in any text, as they are written and decoded", () => {
  const cover = secretCover("rtsp://admin:p%40ss@camera/live?token=t%2Fk&quality=high");
  assert.equal(
    cover("rtsp://admin:p%40ss@127.0.0.1:4000/live?token=t%2Fk&quality=high: 401, password p@ss, token t/k, high"),
    "rtsp://***@127.0.0.1:4000/live?token=***&quality=high: 401, password ***, token ***, high",
  );
  assert.equal(secretCover("rtmp://host/live/math")("rtmp://host/live/math: refused"), "rtmp://host/live/math: refused");
});
