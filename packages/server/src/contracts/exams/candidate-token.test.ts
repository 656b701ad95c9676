import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { signCandidateToken, signPhoneToken, verifyCandidateToken, verifyPhoneToken } from "./candidate-token.ts";

const SECRET = "a secret of signed links";
const NOW = Date.UTC(2026, 10, 30, 9);
const CANDIDATE = { exam: "ex_1", attempt: "at_1", seat: 2, user: "us_1", expires: NOW + 1000 };

test("a token proves the candidate it was signed for, by any of the secrets", () => {
  const token = signCandidateToken(CANDIDATE, SECRET);
  assert.deepEqual(verifyCandidateToken(token, ["a newer one", SECRET], NOW), CANDIDATE);
  assert.deepEqual(
    verifyCandidateToken(signCandidateToken({ ...CANDIDATE, user: null }, SECRET), [SECRET], NOW)?.user,
    null,
    "a guest",
  );
});

test("a token proves nobody after its time, nor with another secret", () => {
  const token = signCandidateToken(CANDIDATE, SECRET);
  assert.equal(verifyCandidateToken(token, [SECRET], CANDIDATE.expires), null);
  assert.equal(verifyCandidateToken(token, ["another"], NOW), null);
  assert.equal(verifyCandidateToken(token, [], NOW), null);
});

test("a token in which one letter was changed, or that was cut anywhere, proves nobody", () => {
  const token = signCandidateToken(CANDIDATE, SECRET);
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === "A" ? "B" : "A";
    const changed = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
    // The last letter of the MAC holds four bits and two that say nothing.
    if (at < token.length - 1) assert.equal(verifyCandidateToken(changed, [SECRET], NOW), null, changed);
    assert.equal(verifyCandidateToken(token.slice(0, at), [SECRET], NOW), null);
  }
});

test("any text is refused, never an error", () => {
  fc.assert(fc.property(fc.string({ maxLength: 700 }), (text) => verifyCandidateToken(text, [SECRET], NOW) === null));
  assert.equal(verifyCandidateToken(`ex1.${"A".repeat(100_000)}.${"A".repeat(43)}`, [SECRET], NOW), null);
});

test("a phone's token proves no candidate, and a candidate's no phone", () => {
  const phone = signPhoneToken(CANDIDATE, SECRET);
  assert.deepEqual(verifyPhoneToken(phone, [SECRET], NOW), CANDIDATE);
  assert.equal(verifyCandidateToken(phone, [SECRET], NOW), null);
  assert.equal(verifyCandidateToken(phone.replace("ep1", "ex1"), [SECRET], NOW), null);
  assert.equal(verifyPhoneToken(signCandidateToken(CANDIDATE, SECRET), [SECRET], NOW), null);
});
