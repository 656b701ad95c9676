/**
 * Uploads of address lists and slides in parts, on a running server: over a line that breaks, a slow one, and through a death of the process that takes them.
 * Waits for half a minute: only with --all.
 */
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { pidOf } from "./worker-connections.ts";

const KIB = 1024;

type Upload = { readonly path: string; readonly bytes: Buffer };

/** Of an address each line. */
function listOf(lines: number): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}\n`).join(""));
}

async function begin(server: Lectern, bytes: Buffer): Promise<Upload & { readonly listId: string }> {
  const { id: listId } = await done(server, "POST", "/address-lists", { name: `List ${bytes.length}` });
  const { id } = await done(server, "POST", `/address-lists/${listId}/uploads`, { size: bytes.length });
  return { listId, path: `/address-lists/${listId}/uploads/${id}`, bytes };
}

function send({ http }: Lectern, { path }: Upload, offset: number, bytes: Uint8Array): Promise<Response> {
  return fetch(`${http}/api/v1${path}`, { method: "PATCH", headers: headersAt(offset), body: Buffer.from(bytes) });
}

function headersAt(offset: number) {
  return { authorization: `Bearer ${TOKEN}`, "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
}

/** Stored at once, at least. */
const PIECE = 320 * KIB;

/** Announces all that is left, sends some of it, waits until the server has stored pieces of that, and breaks the line. */
async function sendAndBreak(server: Lectern, upload: Upload, offset: number, howMany: number): Promise<void> {
  const { path, bytes } = upload;
  const { http } = server;
  const headers = { ...headersAt(offset), "content-length": bytes.length - offset };
  const sent = request(`${http}/api/v1${path}`, { method: "PATCH", headers, agent: false });
  sent.on("error", () => {});
  await new Promise<void>((resolve) => void sent.write(bytes.subarray(offset, offset + howMany), () => resolve()));
  const least = offset + Math.max(0, howMany - PIECE);
  await until(async () => ((await offsetOf(server, upload)) >= least ? true : null), `byte ${least}`);
  sent.destroy();
}

async function offsetOf(server: Lectern, { path }: Upload): Promise<number> {
  const answer = await fetch(`${server.http}/api/v1${path}`, { method: "HEAD", headers: { authorization: `Bearer ${TOKEN}` } });
  assert.equal(answer.status, 200);
  return Number(answer.headers.get("upload-offset"));
}

test("a list arrives over a line that breaks at any byte, and through the death of the process that takes it", async () => {
  const server = await sharedLectern();
  const upload = await begin(server, listOf(200_000));
  const { bytes, listId } = upload;
  let offset = 0;
  for (const howMany of [1, 400 * KIB, 700 * KIB + 7]) {
    await sendAndBreak(server, upload, offset, howMany);
    const sent = offset + howMany;
    // What was on the line when it broke may be lost; a part is taken at one offset only, which may still grow by what is being stored.
    offset = await until(async () => {
      const at = await offsetOf(server, upload);
      const next = await send(server, upload, at, bytes.subarray(at, at + 1));
      return next.status === 204 ? at + 1 : null;
    }, "a part at the offset");
    assert.ok(offset > sent - PIECE && offset <= sent + 1, `${offset} of ${sent}`);
  }
  assert.equal((await done(server, "GET", `/address-lists/${listId}`)).entries, 0, "nothing of it counts before it is whole");
  // The process dies within a part.
  const before = offset;
  const dying = send(server, upload, before, bytes.subarray(before, before + 900 * KIB)).catch(() => null);
  await until(async () => ((await offsetOf(server, upload)) > before ? true : null), "a piece of the part");
  process.kill(pidOf(server, "control"), "SIGKILL");
  await dying;
  const kept = await until(() => offsetOf(server, upload).catch(() => null), "the server", 60_000);
  assert.ok(kept > before && kept <= before + 900 * KIB, `${kept}`);
  const wrong = await send(server, upload, kept + 1, bytes.subarray(kept + 1));
  assert.deepEqual([wrong.status, (await wrong.json()).code], [409, "conflict"]);
  const last = await send(server, upload, kept, bytes.subarray(kept));
  assert.deepEqual([last.status, last.headers.get("upload-offset")], [204, String(bytes.length)], await last.text());
  assert.equal((await done(server, "GET", `/address-lists/${listId}`)).entries, 200_000);
  const stored = await fetch(`${server.http}/api/v1/address-lists/${listId}/entries`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  assert.ok(Buffer.from(await stored.arrayBuffer()).equals(bytes), "every byte in its place");
  // A client that has not heard the last answer asks, and may send nothing once more.
  assert.equal((await done(server, "GET", upload.path)).done, true);
  assert.equal((await send(server, upload, bytes.length, Buffer.alloc(0))).status, 204);
});

test("a line of 20 KiB/s is not cut off while it makes progress; one that stands still is, in words, and what came stays", async () => {
  const server = await sharedLectern();
  const upload = await begin(server, listOf(60_000));
  const slides = await ask(server, "POST", "/materials", { filename: "slow.pdf", size: 800 * KIB });
  const material = { path: `/materials/${slides.body.id}/content`, bytes: Buffer.alloc(800 * KIB, 1) };
  const slowly = async ({ path, bytes }: Upload, bytesPerSecond: number) => {
    const since = performance.now();
    const sent = request(`${server.http}/api/v1${path}`, {
      method: "PATCH",
      headers: { ...headersAt(0), "content-length": bytes.length },
      agent: false,
    });
    sent.on("error", () => {});
    const answered = new Promise<{ status: number; code: string | undefined }>((resolve) =>
      sent.on("response", async (answer) => {
        const text = Buffer.concat(await answer.toArray()).toString();
        resolve({ status: answer.statusCode ?? 0, code: text === "" ? undefined : JSON.parse(text).code });
      }),
    );
    let at = 0;
    const timer = setInterval(() => {
      sent.write(bytes.subarray(at, at + bytesPerSecond / 2));
      at += bytesPerSecond / 2;
      if (at < bytes.length) return;
      clearInterval(timer);
      sent.end();
    }, 500);
    const answer = await answered;
    clearInterval(timer);
    sent.destroy();
    return { ...answer, seconds: (performance.now() - since) / 1000 };
  };
  const still = await begin(server, listOf(70_000));
  const [list, pdf, standing] = await Promise.all([slowly(upload, 20 * KIB), slowly(material, 20 * KIB), slowly(still, 4 * KIB)]);
  assert.equal(list.status, 204);
  assert.ok(list.seconds > 32, `${list.seconds} s`);
  assert.equal((await done(server, "GET", `/address-lists/${upload.listId}`)).entries, 60_000);
  assert.equal(pdf.status, 204);
  assert.ok(pdf.seconds > 32, `${pdf.seconds} s`);
  assert.deepEqual([standing.status, standing.code], [408, "too-slow"]);
  const kept = await until(async () => (await offsetOf(server, still)) || null, "what came stays");
  assert.ok(kept > 60 * KIB, `${kept} bytes came in ${standing.seconds} s`);
  assert.equal((await send(server, still, kept, still.bytes.subarray(kept))).status, 204);
  assert.equal((await done(server, "GET", `/address-lists/${still.listId}`)).entries, 70_000);
});
