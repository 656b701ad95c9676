import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestAddress } from "../http/request-address.ts";
import { parseFlvAddress } from "./flv-address.ts";

const parse = (url: string) => parseFlvAddress(new RequestAddress(url));

test("a stream's address and its options are read", () => {
  const address = parse("/live/math.flv?delay=low&onlyaudio=1&sign=ab");
  assert.deepEqual(
    [address?.app, address?.name, address?.lowDelay, address?.tracks],
    ["live", "math", true, { video: false, audio: true }],
  );
  assert.equal(address?.query.get("sign"), "ab");
  assert.deepEqual(parse("/live/math.flv?onlyvideo=1")?.tracks, { video: true, audio: false });
});

test("anything that would have to be normalised first is no such address", () => {
  const attacks = [
    "/live/../live/math.flv",
    "/live/%6dath.flv",
    "/live/math%2eflv",
    "/live/math.FLV",
    "/live//math.flv",
    "//live/math.flv",
    "/live/math.flv/",
    "/live/.flv",
    "/live/math.flv%00",
    "/live/ma th.flv",
    "/live/math\\.flv",
    "http://x/live/math.flv",
    `/live/${"a".repeat(129)}.flv`,
    "/math.flv",
    "",
    "*",
  ];
  for (const url of attacks) assert.equal(parse(url), null, url);
});
