import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { solveChallenge } from "./solve-challenge.ts";

const SALT = "0123456789abcdef01234567?expires=1800000000&";
const challengeOf = (number: number, maxnumber: number) => ({
  challenge: createHash("sha256").update(`${SALT}${number}`).digest("hex"),
  maxnumber,
  salt: SALT,
});

test("the number is found that Node's SHA-256 has hashed, from the first to the last", () => {
  for (const number of [0, 1, 9, 10, 99, 4711, 9999, 10_000]) assert.equal(solveChallenge(challengeOf(number, 10_000)), number);
});

test("a challenge without a number up to the largest has no solution", () => {
  assert.equal(solveChallenge(challengeOf(10_001, 10_000)), null);
  assert.equal(solveChallenge({ ...challengeOf(5, 10), challenge: "" }), null);
});
