import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestAddress } from "../http/request-address.ts";
import { parseDirectives, parseHlsAddress } from "./hls-address.ts";

const parse = (url: string) => parseHlsAddress(new RequestAddress(url));
const SESSION = "A".repeat(40);
const EPOCH = "abcDEF_-1234";

test("the addresses of HLS are known again, with what they name", () => {
  const named = { app: "live", name: "math", query: "" };
  const files: [string, unknown][] = [
    ["/live/math.m3u8?sign=1", { ...named, kind: "multivariant", query: "sign=1" }],
    [`/live/math/s/${SESSION}/index.m3u8?_HLS_msn=4`, { ...named, kind: "playlist", session: SESSION, query: "_HLS_msn=4" }],
    [`/live/math/s/${SESSION}/`, { ...named, kind: "permission", session: SESSION }],
    [
      `/live/math/${EPOCH}/3-17.m4s`,
      { ...named, kind: "media", session: null, epoch: EPOCH, term: 3, msn: 17, part: null, key: null },
    ],
    [
      `/live/math/${EPOCH}/3-17.4.m4s`,
      { ...named, kind: "media", session: null, epoch: EPOCH, term: 3, msn: 17, part: 4, key: null },
    ],
    [
      `/live/math/s/${SESSION}/${EPOCH}/3-17.k5-0123456789ab.m4s`,
      { ...named, kind: "media", session: SESSION, epoch: EPOCH, term: 3, msn: 17, part: null, key: "5-0123456789ab" },
    ],
    [
      `/live/math/${EPOCH}/3-17.4.k5-0123456789ab.m4s`,
      { ...named, kind: "media", session: null, epoch: EPOCH, term: 3, msn: 17, part: 4, key: "5-0123456789ab" },
    ],
    [
      `/live/math/s/${SESSION}/${EPOCH}/key-5-0123456789ab`,
      { ...named, kind: "key", session: SESSION, epoch: EPOCH, key: "5-0123456789ab" },
    ],
    [
      `/live/math/s/${SESSION}/${EPOCH}/init-0123456789abcdef.mp4`,
      { ...named, kind: "initialisation", session: SESSION, epoch: EPOCH, file: "init-0123456789abcdef.mp4" },
    ],
  ];
  for (const [url, address] of files) assert.deepEqual(parse(url), address, url);
  // A stream may be called like the folder of the sessions.
  assert.equal(parse(`/live/s/s/${SESSION}/index.m3u8`)?.name, "s");
});

test("what is escaped, dotted, too long or not quite right is none of them", () => {
  for (const url of [
    "/live/math.flv",
    "/live/ma%74h.m3u8",
    "/live/../live/math.m3u8",
    `/live/${"a".repeat(129)}.m3u8`,
    `/live/math/s/${SESSION}x/index.m3u8`,
    `/live/math/${EPOCH}/3-17.4.m4s/`,
    `/live/math/${EPOCH}/../secret`,
    `/live/math/${EPOCH}/3--17.m4s`,
    `/live/math/${EPOCH}/3-99999999999.m4s`,
    `/live/math/${EPOCH}/init-0123456789ABCDEF.mp4`,
    // A key needs a session.
    `/live/math/${EPOCH}/key-5-0123456789ab`,
    `/live/math/s/${SESSION}/${EPOCH}/key-5-0123456789a`,
    `/live/math/${EPOCH}/3-17.k5.m4s`,
    "/",
    "",
  ]) {
    assert.equal(parse(url), null, url);
  }
});

test("directives are whole numbers, and a part wants its segment", () => {
  assert.deepEqual(parseDirectives(""), { position: null, skip: false });
  assert.deepEqual(parseDirectives("_HLS_msn=7"), { position: { msn: 7, part: null }, skip: false });
  assert.deepEqual(parseDirectives("a=b&_HLS_part=0&_HLS_msn=7&_HLS_skip=YES"), { position: { msn: 7, part: 0 }, skip: true });
  assert.equal(parseDirectives("_HLS_skip=v2")?.skip, true);
  assert.equal(parseDirectives("_HLS_skip=NO")?.skip, false);
  for (const query of [
    "_HLS_part=1",
    "_HLS_msn=",
    "_HLS_msn=-1",
    "_HLS_msn=1.5",
    "_HLS_msn=1e3",
    "_HLS_msn=1&_HLS_part=x",
    `_HLS_msn=${"9".repeat(16)}`,
  ]) {
    assert.equal(parseDirectives(query), null, query);
  }
});
