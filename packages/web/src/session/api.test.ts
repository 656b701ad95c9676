import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, unwrap } from "./api.ts";
import { errorCode, errorMessage } from "./error-message.ts";
import { isRecorded } from "./last-change.ts";

const problem = { type: "about:blank", title: "Not found", status: 404, code: "not-found", detail: "There is no such lesson." };

test("data is unwrapped, a refusal is thrown as an ApiError, and a network error passes through", async () => {
  assert.equal(await unwrap(Promise.resolve({ data: 7 })), 7);
  await assert.rejects(unwrap(Promise.resolve({ error: problem })), (error) => error instanceof ApiError);
  await assert.rejects(unwrap(Promise.reject(new TypeError("fetch failed"))), TypeError);
});

test("a refusal shows the server's text and code, any other error that the server cannot be reached", () => {
  const refusal = new ApiError(problem as never);
  assert.deepEqual([errorMessage(refusal, "offline text"), errorCode(refusal)], ["There is no such lesson.", "not-found"]);
  const network = new TypeError("fetch failed");
  assert.deepEqual([errorMessage(network, "offline text"), errorCode(network)], ["offline text", "offline"]);
});

test("only requests that change something can be copied as curl, and never a sign-in", () => {
  assert.equal(isRecorded("GET", "https://school.example/api/v1/lessons"), false);
  assert.equal(isRecorded("PATCH", "https://school.example/api/v1/lessons/x"), true);
  assert.equal(isRecorded("POST", "https://school.example/api/v1/sessions"), false);
  assert.equal(isRecorded("PUT", "https://school.example/api/v1/address-lists/x/entries"), false);
});
