/** The examples that the vendors' documents show, and links of each scheme that are cut, changed or malformed. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { foreignTokenOf, splitSignedPath } from "./foreign-token.ts";
import { FOREIGN_SCHEMES } from "./scheme-list.ts";

/** The link of a scheme in an address. */
function read(name: keyof typeof FOREIGN_SCHEMES, url: string) {
  const { pathname, searchParams } = new URL(url);
  const split = splitSignedPath(pathname);
  const token = foreignTokenOf(searchParams, split?.token ?? null);
  const link = token && FOREIGN_SCHEMES[name].read(token);
  assert.ok(link && link !== "malformed", url);
  return { path: split?.pathname ?? pathname, ...link };
}

test("aliyun-a: the example of “URL 鉴权: 鉴权方式A” (help.aliyun.com/document_detail/85113.html)", () => {
  const link = read(
    "aliyun-a",
    "http://domain.example.com/video/standard/test.mp4?auth_key=1444435200-0-0-23bf85053008f5c0e791667a313e28ce",
  );
  assert.equal(link.expected({ path: "/video/standard/test.mp4", ip: null }, "aliyuncdnexp1234"), link.signature);
  assert.equal(link.time, Date.parse("2015-10-10T08:00:00+08:00") / 1000);
  const signed = FOREIGN_SCHEMES["aliyun-a"].sign({ path: "/video/standard/test.mp4", ip: null }, link.time, "aliyuncdnexp1234");
  assert.deepEqual(signed, { query: { auth_key: "1444435200-0-0-23bf85053008f5c0e791667a313e28ce" }, prefix: "" });
});

test("aliyun-b: the example of “URL 鉴权: 鉴权方式B” (help.aliyun.com/document_detail/85114.html)", () => {
  const path = "/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3";
  const link = read("aliyun-b", `http://cdn.example.com/201508150800/9044548ef1527deadafa49a890a377f0${path}`);
  assert.equal(link.path, path);
  assert.equal(link.expected({ path, ip: null }, "aliyuncdnexp1234"), link.signature);
  assert.equal(link.time, Date.parse("2015-08-15T08:00:00+08:00") / 1000);
  const signed = FOREIGN_SCHEMES["aliyun-b"].sign({ path, ip: null }, link.time - 59, "aliyuncdnexp1234");
  assert.deepEqual(signed, { query: {}, prefix: "/201508150800/9044548ef1527deadafa49a890a377f0" }, "up to the whole minute");
});

test("aliyun-c: the example of “URL 鉴权: 鉴权方式C” in both formats (help.aliyun.com/document_detail/85115.html)", () => {
  const target = { path: "/test.flv", ip: null };
  const [time, signature] = ["55CE8100", "a37fa50a5fb8f71214b1e7c95ec7a1bd"];
  const inQuery = read("aliyun-c", `http://cdn.example.com/test.flv?KEY1=${signature}&KEY2=${time}`);
  assert.equal(inQuery.expected(target, "aliyuncdnexp1234"), signature);
  assert.equal(inQuery.time, 0x55ce8100);
  // Streams are below an app, so the path of one part in the example is no address of ours.
  assert.equal(splitSignedPath(`/${signature}/${time}/test.flv`), null);
  const inPath = read("aliyun-c", `http://cdn.example.com/${signature}/${time}/live/test.flv`);
  assert.equal(inPath.path, "/live/test.flv");
  assert.equal(inPath.expected(target, "aliyuncdnexp1234"), signature);
});

test("tencent: the example of “Hotlink Protection URL Calculation” (intl.cloud.tencent.com/document/product/267/31560)", () => {
  const query = "txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099";
  const secret = "e12c46f2612d5106e2034781ab261ca3";
  const link = read("tencent", `http://play.example.com/live/test.flv?${query}`);
  for (const path of ["/live/test.flv", "/live/test", "/live/test.m3u8"])
    assert.equal(link.expected({ path, ip: null }, secret), link.signature, path);
  assert.equal(link.time, 0x5c271099);
  const { query: signed } = FOREIGN_SCHEMES.tencent.sign({ path: "/live/test.flv", ip: null }, link.time, secret);
  assert.equal(new URLSearchParams(signed).toString(), query);
});

test("tencent: the time is signed as it was written, and SHA-256 counts too (by the documented formula; no example is published)", () => {
  const digest = (algorithm: string, time: string) => createHash(algorithm).update(`keytest${time}`).digest("hex");
  for (const time of ["5c271099", "5C271099", "5c271C99"])
    for (const algorithm of ["md5", "sha256"]) {
      const link = read("tencent", `http://a/live/test.flv?txSecret=${digest(algorithm, time)}&txTime=${time}`);
      assert.equal(link.expected({ path: "/live/test.flv", ip: null }, "key"), link.signature, `${algorithm} ${time}`);
    }
});

test("nginx: the example of the documentation of ngx_http_secure_link_module, directive secure_link_md5", () => {
  const target = { path: "/s/link", ip: "127.0.0.1" };
  const link = read("nginx", "http://a/s/link?md5=_e4Nc3iduzkWRm01TBBNYw&expires=2147483647");
  assert.equal(link.expected(target, "secret"), link.signature);
  assert.notEqual(link.expected({ ...target, ip: "127.0.0.2" }, "secret"), link.signature);
  assert.equal(link.time, 2147483647);
  const { query } = FOREIGN_SCHEMES.nginx.sign(target, 2147483647, "secret");
  assert.deepEqual(query, { md5: "_e4Nc3iduzkWRm01TBBNYw", expires: "2147483647" });
});

// The formula is the one of the vendor's document; the numbers are of an article that explains it, not of the document itself.
test("upyun: the example of an article about “Token 防盗链” (haomeiwen.com/subject/rbltqqtx.html)", () => {
  const target = { path: "/404.jpg", ip: null };
  const link = read("upyun", "http://a/404.jpg?_upt=bcc3b8331545271510");
  assert.equal(link.expected(target, "mark520"), link.signature);
  assert.equal(link.time, 1545271510);
  assert.deepEqual(FOREIGN_SCHEMES.upyun.sign(target, 1545271510, "mark520").query, { _upt: "bcc3b8331545271510" });
});

test("what is no link of a scheme is told from none at all", () => {
  const hex = "0".repeat(32);
  for (const [name, query] of [
    ["upyun", "_upt="],
    ["upyun", "_upt=0000000015452715"],
    ["upyun", "_upt=000000001545271510x"],
    ["aliyun-a", "auth_key=1444435200-0-0"],
    ["aliyun-a", `auth_key=1444435200-0-0-0-${hex}`],
    ["aliyun-a", `auth_key=${1e12}-0-0-${hex}`],
    ["aliyun-c", `KEY1=${hex}`],
    ["aliyun-c", `KEY1=${hex}&KEY2=055CE8100`],
    ["tencent", `txSecret=${hex}`],
    ["tencent", `txSecret=${hex}&txTime=1694669601`],
    ["tencent", `txSecret=${hex}0&txTime=5C271099`],
    ["nginx", "md5=_e4Nc3iduzkWRm01TBBNYw"],
    ["nginx", "md5=_e4Nc3iduzkWRm01TBBNYw==&expires=1"],
    ["nginx", "md5=_e4Nc3iduzkWRm01TBBNYw&expires=soon"],
  ] as const) {
    const token = foreignTokenOf(new URLSearchParams(query), null);
    assert.ok(token);
    for (const scheme of Object.values(FOREIGN_SCHEMES))
      assert.equal(scheme.read(token), scheme.name === name ? "malformed" : null, `${query} as ${scheme.name}`);
  }
  for (const query of ["", "expires=1&sign=00", "txTime=5C271099", "KEY2=55CE8100"])
    assert.equal(foreignTokenOf(new URLSearchParams(query), null), null, query);
  const split = splitSignedPath(`/201513150800/${hex}/live/math.flv`);
  assert.equal(
    FOREIGN_SCHEMES["aliyun-b"].read({ parameters: {}, prefix: split?.token ?? null }),
    "malformed",
    "a thirteenth month",
  );
});

test("only a signature before a stream's path is taken off", () => {
  const hex = "0123456789abcdef0123456789ABCDEF";
  for (const path of [
    "/live/math.flv",
    `/live/${hex}.flv`,
    `/live/${hex}/012345678901/1-2.m4s`,
    `/201508150800/${hex}`,
    `/201508150800/${hex}/`,
    `/201508150800/${hex}/math.flv`,
    `/2015081508000/${hex}/live/math.flv`,
    `//201508150800/${hex}/live/math.flv`,
    `/${hex}/55CE81000/live/math.flv`,
    `/${hex}0/55CE8100/live/math.flv`,
  ])
    assert.equal(splitSignedPath(path), null, path);
  assert.deepEqual(splitSignedPath(`/${hex}/55CE8100/live/math/s/x/index.m3u8`), {
    pathname: "/live/math/s/x/index.m3u8",
    token: { scheme: "aliyun-c", time: "55CE8100", signature: hex },
  });
});
