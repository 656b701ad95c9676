/** One link opens its stream in every protocol and rung, and nothing else, until it expires. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { credentialsOf, rtmpParameters } from "../credentials/credentials.ts";
import { LINK_SCHEMES, type LinkKey, type LinkScheme } from "./link-scheme.ts";
import { splitSignedPath } from "./schemes/foreign-token.ts";
import { FOREIGN_SCHEMES } from "./schemes/scheme-list.ts";
import { verifyForeignLink } from "./verify-foreign-link.ts";

const NOW = Date.parse("2026-11-20T08:00:00Z");
const SECRET = "the secret of the school";
const IP = "203.0.113.7";

const keyOf = (scheme: LinkScheme, over: Partial<LinkKey> = {}): LinkKey => ({ id: scheme, scheme, secret: SECRET, ...over });

type Order = { readonly path: string; readonly expires?: number; readonly ip?: string | null; readonly secret?: string };

/** The credentials of a request with a link. @param expires Unix seconds */
function linkTo(scheme: LinkScheme, { path, expires = NOW / 1000 + 3600, ip = null, secret = SECRET }: Order) {
  const { sign, validSeconds } = FOREIGN_SCHEMES[scheme];
  const { query, prefix } = sign({ path, ip }, expires - validSeconds, secret);
  const split = splitSignedPath(`${prefix}${path}`);
  return credentialsOf(new URLSearchParams(query), undefined, split?.token ?? null);
}

const check = (over: Partial<Parameters<typeof verifyForeignLink>[1]> = {}) => ({
  app: "live",
  name: "math",
  ip: IP,
  now: NOW,
  keys: LINK_SCHEMES.map((scheme) => keyOf(scheme)),
  ...over,
});

for (const scheme of LINK_SCHEMES) {
  test(`${scheme}: a link opens its stream in every protocol and rung, and no other stream`, () => {
    for (const path of ["/live/math.flv", "/live/math.m3u8", "/live/math"])
      for (const name of ["math", "math@480p"])
        assert.equal(verifyForeignLink(linkTo(scheme, { path }), check({ name })), "valid", `${path} for ${name}`);
    for (const name of ["maths", "mat", "math2", "480p"])
      assert.equal(verifyForeignLink(linkTo(scheme, { path: "/live/math.flv" }), check({ name })), "bad-signature", name);
    // Tencent's signature does not name the app.
    const otherApp = verifyForeignLink(linkTo(scheme, { path: "/live/math.flv" }), check({ app: "other" }));
    assert.equal(otherApp, scheme === "tencent" ? "valid" : "bad-signature");
  });

  test(`${scheme}: a link to a rung opens this rung only`, () => {
    const link = linkTo(scheme, { path: "/live/math@480p.flv" });
    const verdicts = ["math@480p", "math", "math@720p"].map((name) => verifyForeignLink(link, check({ name })));
    assert.deepEqual(verdicts, ["valid", "bad-signature", "bad-signature"]);
  });

  test(`${scheme}: a link expires, after the time that its key adds`, () => {
    const expires = NOW / 1000;
    const link = linkTo(scheme, { path: "/live/math.flv", expires });
    const at = (seconds: number, key = keyOf(scheme)) =>
      verifyForeignLink(link, check({ keys: [key], now: (expires + seconds) * 1000 }));
    assert.deepEqual([at(0), at(0.001)], ["valid", "expired"]);
    const { validSeconds } = FOREIGN_SCHEMES[scheme];
    const longer = keyOf(scheme, { validSeconds: validSeconds + 60 });
    assert.deepEqual([at(60, longer), at(60.001, longer)], ["valid", "expired"]);
  });

  test(`${scheme}: while a key is replaced, links of both are valid; without a key of the scheme there is no link`, () => {
    const keys = [keyOf(scheme, { id: "new", secret: "another" }), keyOf(scheme)];
    for (const secret of ["another", SECRET])
      assert.equal(verifyForeignLink(linkTo(scheme, { path: "/live/math.flv", secret }), check({ keys })), "valid");
    const old = linkTo(scheme, { path: "/live/math.flv", expires: NOW / 1000 - 120 });
    assert.equal(verifyForeignLink(old, check({ keys })), "expired", "of the second key");
    assert.equal(verifyForeignLink(linkTo(scheme, { path: "/live/math.flv", secret: "x" }), check({ keys })), "bad-signature");
    const others = LINK_SCHEMES.filter((other) => other !== scheme).map((other) => keyOf(other));
    assert.equal(verifyForeignLink(linkTo(scheme, { path: "/live/math.flv" }), check({ keys: others })), "none");
    assert.equal(verifyForeignLink(credentialsOf(new URLSearchParams()), check()), "none");
  });

  test(`${scheme}: no changed character of a link is accepted`, () => {
    const { query, prefix } = FOREIGN_SCHEMES[scheme].sign({ path: "/live/math.flv", ip: null }, NOW / 1000, SECRET);
    const address = `${prefix}/live/math.flv?${new URLSearchParams(query)}`;
    const verdictOf = (url: string) => {
      const [path = "", search = ""] = url.split("?");
      const split = splitSignedPath(path);
      const credentials = credentialsOf(new URLSearchParams(search), undefined, split?.token ?? null);
      return verifyForeignLink(credentials, check({ keys: [keyOf(scheme)] }));
    };
    assert.equal(verdictOf(address), "valid");
    const hexadecimal = /[a-f]/i;
    fc.assert(
      fc.property(fc.nat(address.length - 1), fc.constantFrom(..."0123456789abcdefXYZ-_"), (at, letter) => {
        const sameDigit = hexadecimal.test(letter) && address[at]?.toLowerCase() === letter.toLowerCase();
        const inPath = at >= prefix.length && at <= prefix.length + "/live/math.flv".length;
        if (address[at] === letter || sameDigit || inPath) return;
        assert.notEqual(verdictOf(`${address.slice(0, at)}${letter}${address.slice(at + 1)}`), "valid");
      }),
    );
  });
}

test("only nginx's links can name an address; where that is required, others do not count", () => {
  const path = "/live/math.flv";
  const bound = linkTo("nginx", { path, ip: IP });
  assert.equal(verifyForeignLink(bound, check()), "valid");
  assert.equal(verifyForeignLink(bound, check({ boundAddress: true })), "valid");
  assert.equal(verifyForeignLink(bound, check({ ip: "203.0.113.8" })), "bad-signature");
  assert.equal(verifyForeignLink(linkTo("nginx", { path }), check({ boundAddress: true })), "bad-signature");
  for (const scheme of LINK_SCHEMES.filter((name) => name !== "nginx"))
    assert.equal(verifyForeignLink(linkTo(scheme, { path }), check({ boundAddress: true })), "none", scheme);
});

test("an RTMP player sends the link after the stream's name, or after the app", () => {
  const { query } = FOREIGN_SCHEMES.tencent.sign({ path: "/live/math", ip: null }, NOW / 1000 + 60, SECRET);
  const sent = new URLSearchParams(query).toString();
  for (const [name, app] of [
    [sent, ""],
    ["", sent],
  ] as const)
    assert.equal(verifyForeignLink(credentialsOf(rtmpParameters(name, app)), check()), "valid");
});
