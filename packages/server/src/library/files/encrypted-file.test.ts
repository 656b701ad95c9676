import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../../live/streams/synthetic-source.ts";
import { rotateFileKey } from "../maintenance/file-key-rotation.ts";
import { writeClip } from "./clip.ts";
import { DISK, indexPath } from "./disk.ts";
import { CHUNK_BYTES, crypt, FileEncryptor, FileProofs, fileCipher } from "./encrypted-file.ts";
import { type FileKey, fileKeys } from "./file-keys.ts";
import { IndexedFile } from "./indexed-file.ts";
import { FORGETS_NOTHING, writerOf } from "./test-file.ts";
import { type TimedSegment, Timeline } from "./timeline.ts";

const secrets = ["the secret of the server"];
const KEYS = fileKeys({ atRest: () => true, secrets: () => secrets });
const key = () => KEYS.create() ?? assert.fail("a key");
/** Three chunks and a part. */
const SECONDS = 60;

async function recorded(t: TestContext, fileKey: FileKey | null, seconds = SECONDS) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-encrypted-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { ingest, log } = ingestOf(undefined, FORGETS_NOTHING);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(seconds)]);
  const path = join(directory, "lesson.flv");
  const writer = writerOf(log, path, 20, "live", fileKey);
  return { directory, path, writer };
}

const END = { reason: "ended", end: null, time: SECONDS * 1000, sequence: 1000 };
const open = async (path: string, keys = KEYS) => (await IndexedFile.open(path, DISK, keys)) ?? assert.fail("a file");

async function pair(t: TestContext) {
  const plain = await recorded(t, null);
  const encrypted = await recorded(t, key());
  for (const { writer } of [plain, encrypted]) {
    await writer.flush();
    await writer.finish(END);
  }
  return { bytes: readFileSync(plain.path), ...encrypted };
}

test("an encrypted file is as long as the plain one, shows nothing of it behind its head, and is read as it was in every range", async (t) => {
  const { bytes, path } = await pair(t);
  const stored = readFileSync(path);
  assert.equal(stored.length, bytes.length);
  assert.ok(bytes.length > 2 * CHUNK_BYTES, `${bytes.length} bytes are several chunks`);
  const file = await open(path);
  const { start } = file.line.cipher ?? assert.fail("encrypted");
  assert.ok(start < bytes.length / 2);
  for (let at = start; at + 16 <= bytes.length; at += 16)
    assert.notDeepEqual(stored.subarray(at, at + 16), bytes.subarray(at, at + 16));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), fc.boolean(), async (a, b, isInto) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const read = await file.read(from, to, isInto ? Buffer.alloc(to - from) : undefined);
      assert.deepEqual(read, bytes.subarray(from, to));
    }),
    { numRuns: 100 },
  );
  assert.equal(await file.read(0, bytes.length + 1), null, "longer than the file");
});

test("every byte that is changed behind the head is noticed, and a file that is cut, also at a chunk", async (t) => {
  const { bytes, path, directory } = await pair(t);
  const { start } = (await open(path)).line.cipher ?? assert.fail("encrypted");
  const stored = readFileSync(path);
  const copy = join(directory, "copy.flv");
  copyFileSync(indexPath(path), indexPath(copy));
  for (const at of [start, start + CHUNK_BYTES - 1, start + CHUNK_BYTES, bytes.length - 1]) {
    const changed = Buffer.from(stored);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(copy, changed);
    await assert.rejects((await open(copy)).read(at, at + 1), /changed or cut/, `byte ${at}`);
  }
  // A chunk in the place of another one.
  const swapped = Buffer.from(stored);
  stored.copy(swapped, start, start + CHUNK_BYTES, start + 2 * CHUNK_BYTES);
  writeFileSync(copy, swapped);
  await assert.rejects((await open(copy)).read(start, start + 1), /changed or cut/);
  writeFileSync(copy, stored.subarray(0, start + 2 * CHUNK_BYTES));
  await assert.rejects(
    (await open(copy)).read(bytes.length - 1, bytes.length).then((read) => read ?? Promise.reject(new Error("shorter"))),
  );
  // The index says that the file ends there.
  const text = readFileSync(indexPath(path), "utf8");
  const shorter = start + CHUNK_BYTES;
  writeFileSync(indexPath(copy), text.replace(`"k":"end","at":${bytes.length}`, `"k":"end","at":${shorter}`));
  truncateSync(copy, shorter);
  await assert.rejects((await open(copy)).read(start, shorter), /longer or shorter/);
  writeFileSync(indexPath(copy), text.replaceAll(`${bytes.length}`, `${shorter}`));
  await assert.rejects(open(copy), /end of an encrypted file/);
});

test("a file that grows is read up to its last byte", async (t) => {
  const { path, writer } = await recorded(t, key());
  const plain = await recorded(t, null);
  await plain.writer.flush();
  await writer.flush();
  const bytes = readFileSync(plain.path);
  const file = await open(path);
  assert.deepEqual(await file.read(0, bytes.length), bytes);
  await writer.finish(END);
  await file.refresh();
  assert.deepEqual((await file.read(100_000, bytes.length))?.length, bytes.length - 100_000);
});

test("a clip of an encrypted file is encrypted by a key of its own, and has the same pictures", async (t) => {
  const { path, directory } = await pair(t);
  const timeline = new Timeline([await open(path)]);
  const segments = Array.from({ length: timeline.length }, (_, i) => timeline.segment(i)).filter(
    (one): one is TimedSegment => one !== null,
  );
  const [plain, encrypted] = [join(directory, "plain.flv"), join(directory, "clip.flv")];
  const [first, ...rest] = segments;
  assert.ok(first);
  for (const [to, of] of [
    [plain, null],
    [encrypted, key()],
  ] as const)
    await writeClip(rest, { path: to, recording: "c", number: 0, key: of });
  const bytes = readFileSync(plain);
  const clip = await open(encrypted);
  assert.notEqual(clip.line.cipher?.key, (await open(path)).line.cipher?.key);
  assert.deepEqual(await clip.read(0, bytes.length), bytes);
  assert.equal(statSync(encrypted).size, bytes.length);
});

test("without the server's secret a file is not opened, and after a rotation by the new one alone", async (t) => {
  const { path, bytes } = await pair(t);
  const others = fileKeys({ atRest: () => true, secrets: () => ["another secret of a server"] });
  await assert.rejects(IndexedFile.open(path, DISK, others), /encrypted by the secret [\w-]{8}/);
  const both = fileKeys({ atRest: () => true, secrets: () => ["another secret of a server", ...secrets] });
  const index = readFileSync(indexPath(path)).length;
  assert.equal(await rotateFileKey(path, both), true);
  assert.equal(await rotateFileKey(path, both), false, "once");
  assert.equal(readFileSync(indexPath(path)).length, index);
  assert.deepEqual(await (await open(path, others)).read(0, bytes.length), bytes);
  await assert.rejects(open(path));
});

test("bytes are encrypted the same in one piece and in many, each by its place alone", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3 * CHUNK_BYTES, minLength: 1 }),
      fc.array(fc.nat(CHUNK_BYTES * 2)),
      fc.nat(5000),
      (array, cuts, start) => {
        const bytes = Buffer.from(array);
        const cipher = fileCipher(Buffer.alloc(32, 7), start);
        const encryptor = new FileEncryptor(cipher);
        const pieces: Buffer[] = [];
        const proofs = new FileProofs(cipher);
        let at = 0;
        for (const cut of [...cuts.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
          const made = encryptor.append(bytes.subarray(at, cut));
          pieces.push(made.bytes);
          for (const line of made.lines) proofs.take(line);
          at = cut;
        }
        for (const line of encryptor.end()) proofs.take(line);
        const stored = Buffer.concat(pieces);
        assert.deepEqual(stored, crypt(cipher, start, bytes));
        assert.equal(proofs.end, start + bytes.length);
        proofs.verify(0, stored);
        assert.deepEqual(crypt(cipher, start, stored), bytes);
      },
    ),
    { numRuns: 30 },
  );
});
