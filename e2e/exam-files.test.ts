/** Files that answer questions, on a running server: pieces through the doors, killed processes, an object storage, and strangers who get nowhere. Shares a process. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { JPEG, WEBM } from "../packages/server/src/school/exams/files/test-answer-files.ts";
import { publishedExam, shortPaper } from "./exam-paper.ts";
import { sharedLectern } from "./fixtures.ts";
import { killInTurn } from "./killed-in-turn.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { startObjectStorage } from "./object-storage.ts";

const CONTENT = shortPaper("Essay", [
  {
    question: { id: "q1", kind: "essay", form: "photos", text: "Write.", points: 5 },
    solution: { kind: "essay", rubric: "" },
  },
  {
    question: { id: "q2", kind: "speaking", maxSeconds: 60, text: "Speak.", points: 5 },
    solution: { kind: "speaking", rubric: "" },
  },
]);

const newName = (): string => randomBytes(13).toString("hex");
const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A running examination that is answered by files. @param at the server, which may be another later */
async function openExam(at: { lectern: Pick<Lectern, "http"> }) {
  const { items } = await done(at.lectern, "GET", "/schools");
  const schoolId = items[0].id;
  const settings = { guests: true, resultsShown: "answers" };
  const call = (method: string, path: string, body?: unknown) => done(at.lectern, method, path, body);
  const { id } = await publishedExam(call, CONTENT, { owner: { schoolId }, opensInMs: -60_000, settings });
  const enter = (name: string): Promise<Body> => done(at.lectern, "POST", `/exams/${id}/attempts`, { name });
  const post = async (way: string, token: string, sent: Buffer | object) => {
    const answer = await fetch(`${at.lectern.http}/exams/${id}/${way}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: Buffer.isBuffer(sent) ? Uint8Array.from(sent) : JSON.stringify(sent),
    });
    return { status: answer.status, body: (await answer.json().catch(() => null)) as Body };
  };
  const piece = (token: string, file: string, bytes: Buffer, from = 0, to = bytes.length, over: object = {}) => {
    const told = { question: "q1", size: bytes.length, hash: hashOf(bytes), takenAt: Date.now(), offset: from, ...over };
    const query = new URLSearchParams(Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]));
    return post(`files/${file}?${query}`, token, bytes.subarray(from, to));
  };
  const own = async (token: string | undefined, file: string) => {
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) };
    const answer = await fetch(`${at.lectern.http}/api/v1/exams/${id}/files/${file}`, sent);
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  return { id, schoolId, enter, post, piece, own };
}

test("photos and sound arrive in pieces, are marked, and are shown to the candidate with the released result", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const { id, enter, piece, post, own } = await openExam({ lectern });
  const { token, attempt } = await enter("Anna");
  const [photo, sound] = [newName(), newName()];
  assert.deepEqual(
    [(await piece(token, photo, JPEG, 0, 100)).body.received, (await piece(token, photo, JPEG, 0, 0)).body.received],
    [100, 100],
  );
  assert.equal((await piece(token, photo, JPEG, 100)).body.isStored, true);
  assert.equal((await piece(token, sound, WEBM, 0, WEBM.length, { question: "q2" })).body.isStored, true);
  const answers = [
    { seq: 1, question: "q1", value: { uploads: [photo, "neverarrived"] }, writtenAt: Date.now() },
    { seq: 2, question: "q2", value: { uploads: [sound] }, writtenAt: Date.now() },
  ];
  assert.equal((await post("hand-in", token, { answers })).status, 200);
  const waiting = await until(async () => {
    const { items } = await done(lectern, "GET", `/exams/${id}/marking?question=q1`);
    return items.length > 0 && items[0];
  }, "the essay to mark");
  assert.deepEqual(
    waiting.files.map((file: Body) => [file.id, file.type, file.width, file.height]),
    [[photo, "image/jpeg", 16, 12]],
    "what has not arrived is not there",
  );
  for (const question of ["q1", "q2"])
    await done(lectern, "PUT", `/exams/${id}/attempts/${attempt.id}/marks/${question}`, { points: 4 });
  await done(lectern, "POST", `/exams/${id}/release`, { released: true });
  const result = (await ask(lectern, "POST", `/exams/${id}/result`, { token }, null)).body;
  assert.deepEqual(
    result.questions.map(({ files }: Body) => files.map((file: Body) => file.type)),
    [["image/jpeg"], ["audio/webm"]],
  );
  const mine = await own(token, photo);
  assert.deepEqual(mine.bytes, JPEG);
  assert.equal(mine.headers.get("content-type"), "image/jpeg");
  assert.match(mine.headers.get("content-security-policy") ?? "", /sandbox/);
  assert.equal(mine.headers.get("x-content-type-options"), "nosniff");
});

test("a hostile candidate stores no page, nothing huge, nothing for others, and reads nothing of theirs", async () => {
  const lectern = await sharedLectern({ workers: "1" });
  const { enter, piece, post, own } = await openExam({ lectern });
  const [eve, carl] = await Promise.all([enter("Eve"), enter("Carl")]);
  const theirs = newName();
  assert.equal((await piece(carl.token, theirs, JPEG)).body.isStored, true);
  for (const token of [eve.token, undefined, "x"]) assert.ok([401, 404].includes((await own(token, theirs)).status));
  const page = Buffer.from("<html><script>alert(1)</script></html>");
  for (const bytes of [page, Buffer.concat([JPEG, page]), WEBM])
    assert.deepEqual((await piece(eve.token, newName(), bytes)).body.code, "exam-file-unfit");
  const huge = 100 * 1024 * 1024;
  assert.equal((await piece(eve.token, newName(), JPEG, 0, 100, { size: huge })).body.code, "bad-request");
  assert.equal((await piece(eve.token, newName(), JPEG, 0, 100, { size: 12 * 1024 * 1024 })).body.code, "too-large");
  const flood = await post(
    `files/${newName()}?question=q1&size=9000000&hash=${"0".repeat(64)}&takenAt=1&offset=0`,
    eve.token,
    Buffer.alloc(2_000_000),
  ).catch(() => null);
  assert.ok(flood === null || flood.body?.code === "too-large");
  for (const query of ["", "question=q1&size=-1&hash=x&takenAt=1&offset=0", "question=../x&size=1&hash=&takenAt=1&offset=0"])
    assert.equal((await post(`files/${newName()}?${query}`, eve.token, JPEG)).status, 400);
  assert.equal((await post(`files/..%2f..%2fetc?question=q1`, eve.token, JPEG)).status, 404);
  await post("hand-in", eve.token, {});
  assert.equal((await piece(eve.token, newName(), JPEG)).body.code, "exam-ended");
});

test("of an acknowledged file nothing is lost when the worker, the control process and the supervisor are killed", async (t: TestContext) => {
  const server = await startLectern(t, { workers: "1" });
  const at = { lectern: server as Pick<Lectern, "http"> };
  const { enter, piece, own } = await openExam(at);
  const { token } = await enter("Dora");
  const stored = new Map<string, number>();
  let isOver = false;
  // As the page does: the same piece again until it is acknowledged, and on from there.
  const sending = (async () => {
    while (!isOver && stored.size < 28) {
      const name = newName();
      const takenAt = Date.now();
      for (let from = 0; !isOver; ) {
        const answer = await piece(token, name, JPEG, from, Math.min(JPEG.length, from + 70), { takenAt }).catch(() => null);
        if (answer?.status === 200) from = answer.body.received;
        else await new Promise((resolve) => setTimeout(resolve, 300));
        if (answer?.body?.isStored) {
          stored.set(name, takenAt);
          break;
        }
      }
    }
  })();
  const progress = async (what: string): Promise<void> => {
    const before = stored.size;
    await until(() => stored.size > before, what);
  };
  await progress("a file");
  await killInTurn(t, server, at, (after) => progress(`a file ${after}`));
  isOver = true;
  await sending;
  for (const name of stored.keys()) assert.deepEqual((await own(token, name)).bytes, JPEG);
});

test("with an object storage the file goes there, unreadable, and is deleted there with its attempt", async (t: TestContext) => {
  const storage = await startObjectStorage(t);
  const server = await startLectern(t, { workers: "1", ...storage.set });
  const { id, enter, piece, own } = await openExam({ lectern: server });
  const { token, attempt } = await enter("Fay");
  const name = newName();
  storage.fault = ({ method, path }) => (method === "PUT" && path.includes("/materials/") ? "500" : null);
  assert.equal((await piece(token, name, JPEG)).body.code, "storage-away");
  storage.fault = () => null;
  assert.equal((await piece(token, name, JPEG, JPEG.length)).body.isStored, true, "all bytes are there already");
  const puts = () =>
    storage.asked.filter(({ method, path, status }) => method === "PUT" && path.includes("/materials/") && status === 200);
  assert.equal(puts().length, 1);
  assert.deepEqual((await own(token, name)).bytes, JPEG);
  const folder = join(server.directory, "materials");
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  assert.deepEqual(
    left.map((one) => readFileSync(join(one.parentPath, one.name)).length),
    [],
  );
  await done(server, "DELETE", `/exams/${id}/attempts/${attempt.id}`);
  const isDeleted = () => storage.asked.some(({ method, path }) => method === "DELETE" && path === puts()[0]?.path);
  await until(isDeleted, "the deletion");
});
