/** Which addresses count as public, and what a resolved name leads to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedLookup, isPublicAddress, publicOr, resolveAllowed } from "./public-address.ts";

/** An address of each network that is not of the public Internet, and how IPv6 writes a private IPv4 address. */
const UNREACHABLE = [
  ...[
    "0.0.0.0",
    "10.9.8.7",
    "100.64.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
  ],
  ...["192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1"],
  ...["255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:a00:1", "::ffff:0:a00:1"],
  ...["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:db8::1", "3fff::1"],
  ...["2002:7f00:1::", "2002:a9fe:a9fe::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1"],
];
const REACHABLE = [
  "8.8.8.8",
  "192.0.1.1",
  "198.17.255.255",
  "198.20.0.1",
  "223.255.255.255",
  "2400:3200::1",
  "2606:4700::1111",
  "2001:4860::1",
];

test("no network reaches inwards: not the special ones of IPv4 and IPv6, nor IPv6 addresses that stand for IPv4 ones", () => {
  assert.deepEqual([...UNREACHABLE, ...REACHABLE].filter(isPublicAddress), REACHABLE);
  for (const text of ["", "nonsense", "2130706433", "localhost"]) assert.equal(isPublicAddress(text), false, text);
});

test("an allowed network opens its addresses, also IPv4-mapped, and no others", () => {
  const rule = publicOr(["10.0.0.0/8", "fd00::/8", "239.1.0.0/16", "192.168.1.7"]);
  for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "::ffff:a01:203", "fd00::1", "239.1.2.3", "192.168.1.7", "8.8.8.8"])
    assert.equal(rule(address), true, address);
  for (const address of ["127.0.0.1", "::1", "192.168.1.8", "169.254.169.254", "239.2.0.1", "fe80::1", "::ffff:c0a8:108"])
    assert.equal(rule(address), false, address);
});

test("a name is resolved to addresses that the rule allows; an address counts as itself", async () => {
  assert.equal((await resolveAllowed("localhost", isPublicAddress)).kind, "not-allowed");
  assert.equal((await resolveAllowed("[::1]", isPublicAddress)).kind, "not-allowed");
  assert.equal((await resolveAllowed("2130706433", isPublicAddress)).kind, "not-allowed");
  assert.equal((await resolveAllowed("there-is-no-such-host.invalid", isPublicAddress)).kind, "unknown");
  const found = await resolveAllowed("localhost", publicOr(["127.0.0.0/8"]));
  assert.deepEqual(found.kind === "addresses" && found.addresses, [{ address: "127.0.0.1", family: 4 }]);
  assert.deepEqual(await resolveAllowed("8.8.8.8", isPublicAddress), {
    kind: "addresses",
    addresses: [{ address: "8.8.8.8", family: 4 }],
  });
});

test("the lookup of a client gives allowed addresses, or the refusal", async () => {
  const ask = (rule: Parameters<typeof allowedLookup>[0]) =>
    new Promise((resolve) => {
      allowedLookup(rule, (host) => new Error(`not ${host}`))("localhost", { all: true }, (error, found) =>
        resolve(error?.message ?? found),
      );
    });
  assert.equal(await ask(isPublicAddress), "not localhost");
  assert.deepEqual(await ask(publicOr(["127.0.0.1"])), [{ address: "127.0.0.1", family: 4 }]);
});
