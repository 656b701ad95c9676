import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { type TestContext, test } from "node:test";
import { type AuthoredPaper, type Media, paperOf, unpackPaper } from "@lectern/exam";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { insertSchool, openTestDatabase } from "../../foundation/store/test-database.ts";
import { JPEG, MP3, PNG } from "../files/test-answer-files.ts";
import { encryptedPackage } from "../package-cipher.ts";
import { PaperFiles } from "./paper-files.ts";

const DAY_MS = 86_400_000;
const EMPTY: AuthoredPaper = { title: "Biology", instruction: "", sections: [] };

function paperWith(media: readonly Media[]): AuthoredPaper {
  const question = { id: "q1", kind: "boolean", text: "Is it a cell?", points: 1, media } as const;
  const section = { id: "s1", title: "", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false };
  return { ...EMPTY, sections: [{ ...section, questions: [{ question, solution: { kind: "boolean", right: true } }] }] };
}

/** Files of one paper, with a disk in memory. */
async function open(t: TestContext) {
  const { db, close } = await openTestDatabase();
  t.after(close);
  const { id: school_id } = await insertSchool(db);
  const paper = { id: newId(), content: EMPTY };
  const row = { id: paper.id, school_id, course_id: null, title: "Biology", content: json(EMPTY), questions: 0, points: 0 };
  await db.insertInto("exam_papers").values(row).execute();
  const disk = new Map<string, Buffer>();
  const clock = { now: Date.now() };
  const files = new PaperFiles({
    db,
    storedSecrets: { encrypt: (_t, _k, text) => text, decrypt: (_t, _k, text) => text },
    materials: {
      self: "n1",
      freeBytes: async () => null,
      write: async (_node, id, _offset, bytes) => void disk.set(id, bytes),
      readOriginal: async (_node, id) => disk.get(id) ?? null,
      settle: async (node) => node,
    },
    now: () => clock.now,
  });
  const save = (content: AuthoredPaper) =>
    db
      .updateTable("exam_papers")
      .set({ content: json(content) })
      .execute();
  return { db, files, paper, disk, clock, save };
}

test("pictures and sound go into the encrypted package, which tells nothing of them, and come out as they were", async (t) => {
  const { files, paper, disk } = await open(t);
  const [picture, sound] = [await files.add(paper, PNG), await files.add(paper, MP3)];
  assert.deepEqual(picture.content, { type: "image/png", width: 16, height: 12 });
  for (const kept of disk.values()) assert.ok(!kept.includes(PNG.subarray(0, 16)) && !kept.includes(MP3.subarray(0, 16)));
  const content = paperWith([
    { kind: "picture", file: picture.file.id, alt: "A cell", width: 16, height: 12 },
    { kind: "sound", file: sound.file.id, title: "", plays: 2 },
    { kind: "sound", file: "of-another-paper", title: "" },
  ]);
  const named = await files.readAll({ id: paper.id, content });
  assert.deepEqual(
    named.map(({ type }) => type),
    ["image/png", "audio/mpeg"],
  );
  const { key, bytes } = encryptedPackage(paperOf(content), named);
  for (const secret of [PNG.subarray(0, 16), MP3.subarray(0, 16), Buffer.from("A cell"), Buffer.from("image/png")])
    assert.ok(!bytes.includes(secret));
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64url"), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  const opened = unpackPaper(new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])));
  assert.deepEqual(opened.paper, paperOf(content));
  assert.deepEqual(
    opened.files.map((file) => Buffer.from(file.bytes)),
    [PNG, MP3],
  );
});

test("what is no picture and no sound is refused, and nothing of it is kept", async (t) => {
  const { files, paper, disk } = await open(t);
  for (const bytes of [Buffer.from("<svg onload='alert(1)'/>"), Buffer.concat([JPEG, Buffer.from("PK")])])
    await assert.rejects(files.add(paper, bytes), { message: "exam-file-unfit" });
  assert.equal(disk.size, 0);
});

test("what nothing names any more goes after a day, and all with the paper", async (t) => {
  const { db, files, paper, clock, save } = await open(t);
  const [kept, unused] = [await files.add(paper, PNG), await files.add(paper, JPEG)];
  await save(paperWith([{ kind: "picture", file: kept.file.id, alt: "A cell", width: 16, height: 12 }]));
  clock.now += 2 * DAY_MS;
  const { file: last } = await files.add(paper, MP3);
  assert.equal(await files.read(paper.id, unused.file.id), null);
  assert.deepEqual((await files.read(paper.id, kept.file.id))?.bytes, PNG);
  await db.deleteFrom("exam_papers").execute();
  const removed = await db.selectFrom("exam_file_removals").select("stored_id").execute();
  const stored = [kept.file, unused.file, last].map(({ stored_id }) => stored_id);
  assert.deepEqual(removed.map(({ stored_id }) => stored_id).sort(), stored.sort());
});
