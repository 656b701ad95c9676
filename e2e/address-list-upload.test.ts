/** Uploads of address lists to a running server: larger than other bodies, and only by those who may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startLectern, TOKEN } from "./lectern.ts";
import { done } from "./lesson-client.ts";

test("a list that is larger than any other body passes the media workers; a stranger's is refused before it is read", async (t) => {
  const server = await startLectern(t);
  const { id } = await done(server, "POST", "/address-lists", { name: "Large" });
  const lines = Array.from({ length: 300_000 }, (_, i) => `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1 # ${"-".repeat(60)}`);
  const body = lines.join("\n");
  assert.ok(body.length > 20 * 1024 * 1024);
  const put = (headers: Record<string, string>) =>
    fetch(`${server.http}/api/v1/address-lists/${id}/entries`, {
      method: "PUT",
      headers: { "content-type": "text/plain", ...headers },
      body,
    });
  assert.equal((await put({})).status, 401);
  const answer = await put({ authorization: `Bearer ${TOKEN}` });
  assert.equal(answer.status, 200);
  const { entries, contentVersion } = (await answer.json()) as { entries: number; contentVersion: number };
  assert.deepEqual([entries, contentVersion], [lines.length, 2]);
});
