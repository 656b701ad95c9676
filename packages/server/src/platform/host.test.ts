import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseHost } from "./host.ts";

test("names and addresses are taken, with and without a port", () => {
  for (const [value, hostname, port] of [
    ["school.example", "school.example", null],
    ["School.Example.:8080", "School.Example.", 8080],
    ["10.0.0.1:80", "10.0.0.1", 80],
    ["[::1]:443", "[::1]", 443],
    ["[2001:db8::1]", "[2001:db8::1]", null],
    ["my_service:1", "my_service", 1],
    ["xn--bcher-kva.example", "xn--bcher-kva.example", null],
  ] as const)
    assert.deepEqual(parseHost(value), { hostname, port }, value);
});

test("everything else is none", () => {
  const bad = ["[", "[]", "a b", "x:99999", "x:0", "x:", "x:-1", ":80", "a/b", "a@b", "a?b", "a#b", "a\\b", "a,b", "%41"];
  const worse = ["[::g]", "[1.2.3.4]", "1.2.3.4.5", "999.1.1.1", "bücher.example", "a\0", "", "a".repeat(300), "x:80:80", "<a>"];
  for (const value of [...bad, ...worse]) assert.equal(parseHost(value), null, value);
});

test("whatever is taken makes a URL of this host", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 12 }), fc.domain(), fc.ipV6(), fc.ipV4()),
      fc.option(fc.nat(99_999)),
      (name, port) => {
        const value = port === null ? name : `${name}:${port}`;
        const host = parseHost(value);
        if (!host) return;
        const url = new URL(`http://${value}/live`);
        assert.equal(url.pathname, "/live");
        assert.equal(url.username + url.search + url.hash, "");
      },
    ),
  );
});
