import assert from "node:assert/strict";
import { test } from "node:test";
import { loginMaker } from "./made-logins.ts";

test("usernames are made of names in any script, and people with the same name are told apart in the order of the file", () => {
  const of = loginMaker();
  assert.deepEqual(["Ann Lee", "李 梅", "李梅", "李梅", "阿卜杜拉·买买提", "O’Neil,  Zoë", "  (7) Ben", "ANN LEE", "—"].map(of), [
    "ann.lee",
    "李.梅",
    "李梅",
    "李梅2",
    "阿卜杜拉·买买提",
    "oneil.zoë",
    "7.ben",
    "ann.lee2",
    "",
  ]);
  assert.equal(of("x".repeat(100)).length, 90);
});
