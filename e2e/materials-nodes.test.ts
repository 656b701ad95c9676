/** Teaching materials in object storage, and on several nodes. Runs late. Only with --all. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startNats, startNode } from "./cluster.ts";
import { startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { startObjectStorage } from "./object-storage.ts";
import { pdfOf } from "./pdf-files.ts";
import { picture, sendPart, settled, upload } from "./uploads.ts";

const FILE = pdfOf(["One", "Two"]);

async function openIn(lectern: Parameters<typeof done>[0], id: string): Promise<{ readonly code: string; readonly query: string }> {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  await done(lectern, "PUT", `/lessons/${lesson.id}/materials/${id}`, { opened: true });
  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  return { code: lesson.code, query: new URL(play.hls).search };
}

test("with object storage, files move there, are served and converted again from there, and are deleted there", async (t) => {
  const storage = await startObjectStorage(t);
  const lectern = await startLectern(t, { workers: "1", ...storage.set });
  const id = await upload(lectern, "slides.pdf", FILE);
  const material = await settled(lectern, id);
  assert.deepEqual([material.state, material.pages], ["ready", 2]);
  assert.ok(!existsSync(join(lectern.directory, "materials", id)), "the disk has nothing of it");
  const stored = storage.asked
    .filter(({ method, path }) => method === "PUT" && path.includes(id))
    .map(({ path }) => path.split("/").at(-1));
  assert.deepEqual([...new Set(stored)].sort(), ["large-1.webp", "large-2.webp", "original", "small-1.webp", "small-2.webp"]);
  const { code, query } = await openIn(lectern, id);
  const answer = await fetch(`${lectern.http}/api/v1/rooms/${code}/slides/${id}/large-2.webp${query}`);
  assert.equal(answer.status, 200);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), await picture(lectern, id, 2, "large"));
  const gets = storage.asked.filter(({ method, path }) => method === "GET" && path.endsWith("large-2.webp")).length;
  await (await fetch(`${lectern.http}/api/v1/rooms/${code}/slides/${id}/large-2.webp${query}`)).arrayBuffer();
  assert.equal(
    storage.asked.filter(({ method, path }) => method === "GET" && path.endsWith("large-2.webp")).length,
    gets,
    "kept in the cache",
  );
  // A storage that fails for a while: the next attempt has it.
  let faults = 0;
  storage.fault = ({ method, path }) => (method === "PUT" && path.includes("large-1") && faults++ < 4 ? "500" : null);
  const late = await settled(lectern, await upload(lectern, "late.pdf", FILE));
  storage.fault = () => null;
  assert.deepEqual([late.state, late.pages, faults >= 4], ["ready", 2, true]);
  // A file that cannot be converted is in the way of nothing, and is still there for another try.
  const broken = await settled(lectern, await upload(lectern, "broken.pdf", Buffer.from("%PDF-1.7\nnothing")));
  assert.equal(broken.problem, "damaged");
  const retried = await done(lectern, "POST", `/materials/${broken.id}/retry`);
  assert.equal(retried.state, "waiting");
  assert.equal((await settled(lectern, broken.id)).problem, "damaged");
  await done(lectern, "DELETE", `/materials/${id}`);
  const deleted = () => storage.asked.filter(({ method, path }) => method === "DELETE" && path.includes(id)).length;
  await until(() => deleted() === 5, "five objects to be deleted");
});

test("in a cluster without object storage, every node takes parts and serves pictures, and the node with the files converts", async (t) => {
  const nats = await startNats(t);
  const [a, b] = await Promise.all([startNode(t, nats, "a", '"control","origin","edge"'), startNode(t, nats, "b", '"edge"')]);
  await until(async () => (await done(a, "GET", "/nodes")).items.length === 2, "both nodes");
  await until(async () => (await ask(b, "GET", "/nodes")).status === 200, "the edge to reach the control process");
  const { id } = await done(b, "POST", "/materials", { filename: "slides.pdf", size: FILE.length });
  assert.equal((await sendPart(a, id, 0, FILE.subarray(0, 100))).status, 204);
  assert.equal((await sendPart(b, id, 100, FILE.subarray(100))).status, 204);
  assert.equal((await settled(b, id)).state, "ready");
  const { code, query } = await openIn(a, id);
  const at = (node: { readonly http: string }) => fetch(`${node.http}/api/v1/rooms/${code}/slides/${id}/large-1.webp${query}`);
  const [one, two] = await Promise.all([at(a), at(b)]);
  assert.deepEqual([one.status, two.status], [200, 200]);
  const bytes: Buffer[] = [];
  for (const answer of [one, two]) bytes.push(Buffer.from(await answer.arrayBuffer()));
  assert.deepEqual(bytes[0], bytes[1]);
  const has = ({ directory }: Body) =>
    existsSync(join(directory, "materials", id)) && readdirSync(join(directory, "materials", id)).length > 0;
  assert.deepEqual([has(a), has(b)], [true, false]);
  await done(a, "DELETE", `/materials/${id}`);
  await until(() => !has(a), "the files to be deleted");
});
