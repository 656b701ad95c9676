import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SentPiece } from "../../../contracts/exams/exam-messages.ts";
import { json } from "../../../platform/store/store.ts";
import { openTestDatabase, silentLog } from "../../foundation/store/test-database.ts";
import { insertExam, OPENS } from "../answers/test-exam.ts";
import { FrozenPapers } from "../grading/frozen-papers.ts";
import { ExamFiles } from "./exam-files.ts";
import { hashOf } from "./file-cipher.ts";
import { examFileRemovals } from "./file-removals.ts";
import { JPEG, WEBM } from "./test-answer-files.ts";

const MINUTE = 60_000;
const FILE = "a".repeat(20);
const SECTION = { id: "s", title: "", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false };
const QUESTIONS = [
  { question: { id: "photos", kind: "essay", form: "photos", text: "", points: 1 }, solution: { kind: "essay", rubric: "" } },
  { question: { id: "typed", kind: "essay", form: "typed", text: "", points: 1 }, solution: { kind: "essay", rubric: "" } },
  { question: { id: "sound", kind: "speaking", maxSeconds: 60, text: "", points: 1 }, solution: { kind: "speaking", rubric: "" } },
] as const;

/** Files of two candidates, with a disk in memory. */
async function open(t: TestContext) {
  const { db, close } = await openTestDatabase();
  t.after(close);
  const { exam, attempts } = await insertExam(db, 2);
  const [first = "", second = ""] = attempts;
  await db
    .updateTable("exam_packages")
    .set({ paper: json({ title: "", instruction: "", sections: [{ ...SECTION, questions: QUESTIONS }] }) })
    .execute();
  await db
    .updateTable("exam_attempts")
    .set({ started_at: new Date(OPENS), ends_at: new Date(OPENS + 60 * MINUTE) })
    .execute();
  const disk = new Map<string, Buffer>();
  const clock = { now: OPENS + MINUTE };
  const node = { isDown: false, isLosing: false };
  const materials = {
    self: "n1",
    isNodeUp: (name: string) => !node.isDown || name !== "n0",
    freeBytes: async () => null,
    write: async (_node: string, id: string, offset: number, bytes: Buffer) => {
      if (node.isLosing) throw new Error("the disk is gone");
      disk.set(id, Buffer.concat([(disk.get(id) ?? Buffer.alloc(0)).subarray(0, offset), bytes]));
    },
    readOriginal: async (_node: string | null, id: string) => disk.get(id) ?? null,
    settle: async (name: string) => name,
    remove: async (_node: string | null, id: string) => void disk.delete(id),
  };
  const storedSecrets = {
    encrypt: (_t: string, _k: string, text: string) => text,
    decrypt: (_t: string, _k: string, text: string) => text,
  };
  const files = new ExamFiles({
    db,
    storedSecrets,
    materials,
    papers: new FrozenPapers(),
    log: silentLog,
    now: () => clock.now,
    onRemoval: () => {},
  });
  const piece = (bytes: Buffer, from: number, to: number, over: Partial<SentPiece> = {}): SentPiece => ({
    exam,
    attempt: first,
    seat: 1,
    file: FILE,
    question: "photos",
    size: bytes.length,
    hash: hashOf(bytes),
    takenAt: OPENS + MINUTE,
    offset: from,
    base64: bytes.subarray(from, to).toString("base64"),
    ...over,
  });
  const whole = (bytes: Buffer, over: Partial<SentPiece> = {}) => files.take(piece(bytes, 0, bytes.length, over));
  const rows = () => db.selectFrom("exam_files").selectAll().orderBy("created_at").execute();
  const removed = async () => {
    const work = examFileRemovals({ db, log: silentLog, materials });
    for (const item of await work.find({ now: Date.now(), until: Date.now() + 1000, busy: [] }))
      await work.perform(item, { now: Date.now(), signal: new AbortController().signal });
  };
  return { db, disk, clock, node, files, first, second, piece, whole, rows, removed };
}

const ending = { isStored: true, endsAt: OPENS + 60 * MINUTE };

test("a photo comes in pieces, is known by its content, and is read again as it was; the disk has none of it readable", async (t) => {
  const { files, piece, rows, disk } = await open(t);
  const half = JPEG.length >> 1;
  assert.deepEqual(await files.take(piece(JPEG, 0, half)), { received: half, isStored: false, endsAt: ending.endsAt });
  assert.deepEqual(await files.take(piece(JPEG, half, JPEG.length)), { received: JPEG.length, ...ending });
  const [row] = await rows();
  assert.deepEqual([row?.type, row?.width, row?.height, row?.is_late], ["image/jpeg", 16, 12, false]);
  assert.deepEqual(await files.read(row!), JPEG);
  assert.ok([...disk.values()].every((bytes) => !bytes.includes("JFIF") && !bytes.equals(JPEG)));
});

test("a piece that comes again, or in the wrong place, changes nothing and says where to go on", async (t) => {
  const { files, piece, rows } = await open(t);
  await files.take(piece(JPEG, 0, 100));
  for (const wrong of [piece(JPEG, 0, 100), piece(JPEG, 200, 300), piece(JPEG, 100, 100)])
    assert.equal(((await files.take(wrong)) as { received: number }).received, 100);
  await files.take(piece(JPEG, 100, JPEG.length));
  assert.deepEqual(await files.take(piece(JPEG, 100, JPEG.length)), { received: JPEG.length, ...ending });
  assert.equal((await rows()).length, 1);
});

test("a process that ended between the last byte and its check goes on with an empty piece", async (t) => {
  const { db, files, piece, whole } = await open(t);
  await whole(JPEG);
  await db.updateTable("exam_files").set({ stored_at: null, type: null }).execute();
  assert.deepEqual(await files.take(piece(JPEG, JPEG.length, JPEG.length)), { received: JPEG.length, ...ending });
});

test("a disk that lost bytes is noticed, and the file begins again", async (t) => {
  const { files, piece, disk, whole, removed } = await open(t);
  await files.take(piece(JPEG, 0, 100));
  for (const bytes of disk.values()) bytes.fill(0, 50);
  assert.equal(((await files.take(piece(JPEG, 100, JPEG.length))) as { received: number }).received, 0);
  assert.deepEqual(await whole(JPEG), { received: JPEG.length, ...ending });
  await removed();
  assert.equal(disk.size, 1, "the damaged bytes are gone");
});

test("what is half at a node that is down begins again at this one, and what is whole stays", async (t) => {
  const { db, files, node, piece, rows } = await open(t);
  await files.take(piece(JPEG, 0, 100));
  await db.updateTable("exam_files").set({ node: "n0" }).execute();
  node.isDown = true;
  assert.equal(((await files.take(piece(JPEG, 100, JPEG.length))) as { received: number }).received, 0);
  assert.equal((await rows())[0]?.node, "n1");
});

test("a file that is no photo is refused and deleted; so are sound for a photo and a file for a question that takes none", async (t) => {
  const { whole, rows, disk, removed } = await open(t);
  for (const bytes of [WEBM, Buffer.from("<script>"), Buffer.concat([JPEG, Buffer.from("PK")])])
    assert.deepEqual(await whole(bytes), { refused: "exam-file-unfit" });
  assert.deepEqual(await whole(JPEG, { question: "sound" }), { refused: "exam-file-unfit" });
  assert.deepEqual(await whole(JPEG, { question: "typed" }), { refused: "exam-file-unfit" });
  assert.deepEqual(await whole(JPEG, { question: "none" }), { refused: "exam-file-unfit" });
  assert.deepEqual(await rows(), []);
  await removed();
  assert.equal(disk.size, 0);
  assert.deepEqual(await whole(WEBM, { question: "sound" }), { received: WEBM.length, ...ending });
});

test("the name of a file counts in its own attempt alone", async (t) => {
  const { whole, second, rows } = await open(t);
  await whole(JPEG);
  const other = Buffer.from(JPEG);
  assert.deepEqual(await whole(other, { attempt: second }), { received: JPEG.length, ...ending });
  assert.equal((await rows()).length, 2);
  assert.deepEqual(await whole(JPEG, { attempt: "no-attempt" }), { refused: "exam-attempt-unknown" });
  assert.deepEqual(await whole(JPEG, { exam: "another" }), { refused: "exam-attempt-unknown" });
});

test("the same rules as for answers say what is late: taken before the end it counts, after the end and after a hand-in nothing does", async (t) => {
  const { db, clock, whole, rows, first } = await open(t);
  await whole(JPEG);
  clock.now = OPENS + 70 * MINUTE;
  assert.deepEqual(await whole(JPEG, { file: "b".repeat(20) }), { received: JPEG.length, ...ending });
  assert.deepEqual(
    (await rows()).map(({ is_late }) => is_late),
    [false, true],
  );
  assert.deepEqual(await whole(JPEG, { file: "c".repeat(20), takenAt: clock.now }), { refused: "exam-ended" });
  clock.now = OPENS + 81 * MINUTE;
  assert.deepEqual(await whole(JPEG, { file: "d".repeat(20) }), { refused: "exam-ended" });
  clock.now = OPENS + 2 * MINUTE;
  await db
    .updateTable("exam_attempts")
    .set({ handed_in_at: new Date(clock.now), handed_in_by: "candidate" })
    .where("id", "=", first)
    .execute();
  assert.deepEqual(await whole(JPEG, { file: "e".repeat(20) }), { refused: "exam-ended" });
  assert.deepEqual(await whole(JPEG), { received: JPEG.length, ...ending }, "what is stored is acknowledged again");
});

test("a device without the seat sends nothing, and nobody before the start", async (t) => {
  const { db, clock, whole } = await open(t);
  await db.updateTable("exam_attempts").set({ seat: 2 }).execute();
  assert.deepEqual(await whole(JPEG), { refused: "exam-seat-taken" });
  assert.deepEqual(await whole(JPEG, { seat: 3 }), { refused: "exam-attempt-unknown" });
  clock.now = OPENS - 1;
  assert.deepEqual(await whole(JPEG, { seat: 2 }), { refused: "exam-not-started" });
});

test("a candidate sends so many files to a question, also at once, and none that is too large", async (t) => {
  const { whole, piece, files, rows } = await open(t);
  const sent = await Promise.all(Array.from({ length: 40 }, (_, i) => whole(JPEG, { file: `${i}`.padStart(20, "0") })));
  assert.equal(sent.filter((one) => "refused" in one && one.refused === "exam-files-full").length, 10);
  assert.equal((await rows()).length, 30);
  const huge = { ...piece(JPEG, 0, 100), size: 100 * 1024 * 1024, file: "x".repeat(20) };
  assert.deepEqual(await files.take(huge), { refused: "too-large" });
  const other = Buffer.from(JPEG).fill(1, 100, 120);
  assert.deepEqual(await whole(other, { file: "0".repeat(20), size: JPEG.length + 1 }), {
    received: JPEG.length,
    ...ending,
  });
});

test("nothing is acknowledged that the disk refused", async (t) => {
  const { whole, node, rows } = await open(t);
  node.isLosing = true;
  assert.deepEqual(await whole(JPEG), { refused: "storage-away" });
  assert.deepEqual(
    (await rows()).map(({ received, stored_at }) => [received, stored_at]),
    [[0, null]],
  );
  node.isLosing = false;
  assert.deepEqual(await whole(JPEG), { received: JPEG.length, ...ending });
});

test("the bytes go with the attempt, however it is deleted", async (t) => {
  const { db, whole, disk, removed, first } = await open(t);
  await whole(JPEG);
  await db.deleteFrom("exam_attempts").where("id", "=", first).execute();
  assert.equal(disk.size, 1);
  await removed();
  assert.equal(disk.size, 0);
  assert.deepEqual(await db.selectFrom("exam_file_removals").selectAll().execute(), []);
});
