import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { test } from "node:test";
import { isPublicAddress } from "../../platform/public-address.ts";
import { sharedLookups } from "./shared-lookup.ts";

const PUBLIC: LookupAddress = { address: "93.184.216.34", family: 4 };
const PRIVATE: LookupAddress = { address: "10.0.0.1", family: 4 };

function addressesOf(lookup: LookupFunction, host: string): Promise<string> {
  return new Promise((resolve) => {
    lookup(host, { all: true }, (error, found) => {
      resolve(error ? error.message : (found as LookupAddress[]).map(({ address }) => address).join(" "));
    });
  });
}

test("connections to one host share a lookup for five seconds, and each applies its own rule to the answer", async () => {
  let [now, asked] = [0, 0];
  const answers: ((found: LookupAddress[]) => void)[] = [];
  const lookups = sharedLookups(
    () => {
      asked++;
      return new Promise((resolve) => answers.push(resolve));
    },
    () => now,
  );
  const [schools, operators] = [lookups(isPublicAddress, "private"), lookups(() => true, "")];
  const all = Promise.all([addressesOf(schools, "a"), addressesOf(schools, "a"), addressesOf(operators, "a")]);
  assert.equal(asked, 1);
  answers[0]?.([PRIVATE, PUBLIC]);
  assert.deepEqual(await all, [PUBLIC.address, PUBLIC.address, `${PRIVATE.address} ${PUBLIC.address}`]);
  now = 4999;
  assert.equal(await addressesOf(schools, "a"), PUBLIC.address);
  assert.equal(asked, 1);
  now = 5000;
  const changed = addressesOf(schools, "a");
  answers[1]?.([PRIVATE]);
  assert.equal(await changed, "private");
});

test("a host that cannot be resolved is an error for all who wait", async () => {
  const lookups = sharedLookups(() => Promise.reject(new Error("ENOTFOUND")));
  const lookup = lookups(() => true, "");
  assert.deepEqual(await Promise.all([addressesOf(lookup, "a"), addressesOf(lookup, "a")]), ["ENOTFOUND", "ENOTFOUND"]);
});
