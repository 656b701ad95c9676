/** Teaching materials: uploaded in parts, converted in a sandbox, and shown to people in a lesson. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { ask, done } from "./lesson-client.ts";
import { pdfOf } from "./pdf-files.ts";
import { picture, sendPart, settled, upload } from "./uploads.ts";

test("a PDF that is uploaded in parts, with a cut and a wrong offset, becomes pages with pictures and text", async () => {
  const lectern = await sharedLectern({ workers: "2" });
  const file = pdfOf(["First page", "Second page", "Third page"]);
  const { id, state } = await done(lectern, "POST", "/materials", { filename: "C:\\lessons\\maths.pdf", size: file.length });
  assert.equal(state, "uploading");
  const half = Math.floor(file.length / 2);
  assert.deepEqual(await sendPart(lectern, id, 0, file.subarray(0, half)), { status: 204, offset: half, body: null });
  const again = await sendPart(lectern, id, 0, file.subarray(0, half));
  assert.deepEqual([again.status, again.body.code], [409, "conflict"]);
  const where = await fetch(`${lectern.http}/api/v1/materials/${id}/content`, {
    method: "HEAD",
    headers: { authorization: "Bearer test-token" },
  });
  assert.deepEqual([where.headers.get("upload-offset"), where.headers.get("upload-length")], [String(half), String(file.length)]);
  const tooMuch = await sendPart(lectern, id, half, Buffer.alloc(file.length));
  assert.deepEqual([tooMuch.status, tooMuch.body.code], [413, "too-large"]);
  assert.equal((await sendPart(lectern, id, half, file.subarray(half))).status, 204);
  const material = await settled(lectern, id);
  assert.deepEqual(
    [material.state, material.kind, material.pages, material.total, material.title, material.width, material.height],
    ["ready", "pdf", 3, 3, "maths", 1600, 900],
  );
  const page = await done(lectern, "GET", `/materials/${id}/pages/2`);
  assert.deepEqual([page.text, page.notes, page.width, page.height], ["Second page", "", 1600, 900]);
  for (const size of ["large", "small"] as const)
    assert.equal((await picture(lectern, id, 3, size)).toString("latin1", 8, 12), "WEBP");
  const found = await done(lectern, "GET", "/materials?search=third");
  assert.deepEqual(found.items.map((item: { id: string }) => item.id), [id]);
  assert.equal((await ask(lectern, "GET", `/materials/${id}/pages/4`)).status, 404);
  await done(lectern, "DELETE", `/materials/${id}`);
  assert.equal((await ask(lectern, "GET", `/materials/${id}`)).status, 404);
  await upload(lectern, "other.pdf", file);
});
