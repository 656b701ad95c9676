import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { MediaRequest, MediaResponse } from "../../live/http/media-request.ts";
import { RequestAddress } from "../../live/http/request-address.ts";
import { DISK } from "../files/disk.ts";
import { StorageUnreachable } from "../storage/piece-cache.ts";
import { recordedFileDoor } from "./recorded-file-door.ts";
import { remoteFiles, withRemoteFiles } from "./remote-files.ts";

const NAME = "live/lesson-abc~01m88/20261125-082549-664.flv";

test("a file of another node is read in ranges, to its end, as it is on the disk; only nodes have an answer, and only recorded files", async (t) => {
  const record = mkdtempSync(join(tmpdir(), "lectern-remote-"));
  t.after(() => rmSync(record, { recursive: true, force: true }));
  mkdirSync(join(record, NAME, ".."), { recursive: true });
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i & 0xff));
  writeFileSync(join(record, NAME), bytes);
  const door = recordedFileDoor(record, DISK);
  const match = (url: string, isFromNode = true) =>
    door.match({ client: { isFromNode }, address: new RequestAddress(url) } as unknown as MediaRequest);
  const ask = async (node: string, url: string) => {
    assert.equal(node, "n1");
    const range = match(url);
    assert.ok(range, url);
    return await new Promise<{ status: number; bytes: Buffer }>((resolve) => {
      let status = 0;
      const response = {
        writeHead: (code: number) => (status = code),
        end: (body: Buffer) => resolve({ status, bytes: Buffer.from(body) }),
      };
      const request = { method: "GET", headers: {} };
      door.handle(request as unknown as MediaRequest, response as unknown as MediaResponse, range);
    });
  };
  const source = remoteFiles(ask);
  const file = `n1:${NAME}`;
  assert.deepEqual(await source.read(file, 0, Number.POSITIVE_INFINITY), bytes);
  assert.deepEqual(await source.read(file, 100, 300), bytes.subarray(100, 300));
  assert.deepEqual(await source.read(file, 900, 2000), bytes.subarray(900));
  assert.equal(await source.read(`${file}.index`, 0, 10), null);

  const address = `/recorded-files/${NAME}?from=0&to=10`;
  assert.ok(match(address));
  assert.equal(match(address, false), null);
  for (const wrong of [
    "/recorded-files/live/../secret.flv",
    "/recorded-files/live/x/a.key",
    `/recorded-files/${NAME}?from=0&to=99999999999`,
  ])
    assert.equal(match(wrong), null, wrong);
});

test("a file of another node is read from there, unless the storage has it; all others are read here", async () => {
  const stored = new Map([
    ["/data/live/x/own.flv", "own"],
    ["/data/live/x/stored.flv", "stored"],
  ]);
  const own = {
    read: async (path: string) => {
      const text = stored.get(path);
      return text === undefined ? null : Buffer.from(text);
    },
    version: async (path: string) => `version of ${path}`,
  };
  const source = withRemoteFiles(own, "/data", async (node, address) => {
    if (node === "gone") throw new Error("not reachable");
    return address.startsWith("/recorded-files/live/x/remote.flv")
      ? { status: 200, bytes: Buffer.from(`from ${node}`) }
      : { status: 404, bytes: Buffer.alloc(0) };
  });
  const read = async (path: string) => (await source.read(path, 0, 100))?.toString() ?? null;
  assert.equal(await read("/data/live/x/own.flv"), "own");
  assert.equal(await read("/data/live/x/remote.flv"), null);
  assert.equal(await read("/data/n1:live/x/remote.flv"), "from n1");
  assert.equal(await read("/data/n1:live/x/stored.flv"), "stored");
  assert.equal(await read("/data/n1:live/x/none.flv"), null);
  await assert.rejects(read("/data/gone:live/x/remote.flv"), StorageUnreachable);
  assert.equal(await source.version("/data/live/x/own.flv"), "version of /data/live/x/own.flv");
  assert.equal(await source.version("/data/n1:live/x/remote.flv"), "n1:live/x/remote.flv");
});
