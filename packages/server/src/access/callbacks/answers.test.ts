import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { readNginxAnswer, readSrsAnswer } from "./answers.ts";

const answer = (status: number, body = "", location: string | null = null) => ({ status, body, location });
const codeOf = (read: unknown) => (read instanceof Refusal ? read.code : read);

test("SRS: only 200 with code 0 allows, and the stream keeps its name", () => {
  for (const body of ["0", " 0\n", '{"code":0}', '{"code":0,"data":{"name":"x"}}'])
    assert.deepEqual(readSrsAnswer(answer(200, body)), { name: null }, body);
  for (const body of ["", "1", "00", "{", "null", "[0]", '{"code":"0"}'])
    assert.equal(codeOf(readSrsAnswer(answer(200, body))), "refused-by-callback", body);
  assert.equal(codeOf(readSrsAnswer(answer(201, "0"))), "refused-by-callback");
});

test("nginx-rtmp: a redirect must end with a stream name", () => {
  assert.deepEqual(readNginxAnswer(answer(302, "", "rtmp://other/live/room-8?x=1")), { name: "room-8" });
  for (const location of [null, "", "/", "room 8", "a/", `${"a".repeat(129)}`])
    assert.equal(codeOf(readNginxAnswer(answer(302, "", location))), "refused-by-callback", String(location));
});
