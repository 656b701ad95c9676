import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { DoorRefusal } from "../attempt/exam-types.ts";
import { AnswerFiles } from "./answer-files.ts";
import type { FileStore, KeptFile } from "./file-store.ts";
import type { StoredPiece } from "./send-file.ts";

function memoryFiles(): FileStore & { readonly kept: Map<string, KeptFile> } {
  const kept = new Map<string, KeptFile>();
  return {
    kept,
    load: async (attempt) => [...kept.values()].filter((file) => file.attempt === attempt),
    put: async (file) => kept.set(file.id, file).size > 0,
    remove: async (_attempt, id) => void kept.delete(id),
  };
}

type World = { readonly store?: FileStore; readonly fetched?: Blob | null };

/** The server stores each file at once, unless the test says otherwise. */
function setUp(t: TestContext, { store = memoryFiles(), fetched = null }: World = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = { files: [] as string[], refusal: null as Error | null, told: [] as string[] };
  const files = new AnswerFiles({
    attempt: "at1",
    store,
    door: {
      sendPiece: async ({ id, bytes }): Promise<StoredPiece> => {
        if (server.refusal) throw server.refusal;
        server.files.push(id);
        return { received: bytes.byteLength, isStored: true, endsAt: null };
      },
    },
    fetchFile: async () => fetched,
    now: () => 1000,
    endsAt: () => 31_000,
    elapsed: () => 0,
    random: () => 0,
    onAway: () => {},
    onRefused: ({ code }) => server.told.push(code),
    onChange: () => {},
  });
  t.after(() => files.close());
  return { files, server };
}

const PHOTO = new Blob(["photo"], { type: "image/jpeg" });

test("a photo is on the device until the server has it, and hand-in waits for that", async (t) => {
  const store = memoryFiles();
  const { files, server } = setUp(t, { store });
  server.refusal = new TypeError("the network is down");
  const id = await files.add("q1", PHOTO);
  assert.deepEqual([store.kept.size, files.unsent, files.fileOf(id).state], [1, 1, "waiting"]);
  const settled = files.settled();
  server.refusal = null;
  files.networkIsBack();
  await settled;
  assert.deepEqual([store.kept.size, files.unsent, files.fileOf(id).state], [0, 0, "stored"]);
});

test("what was kept before the page was closed is sent when it comes back", async (t) => {
  const store = memoryFiles();
  const bytes = new ArrayBuffer(4);
  store.kept.set("f1", { attempt: "at1", id: "f1", question: "q", type: "image/jpeg", bytes, hash: "", takenAt: 1 });
  const { files, server } = setUp(t, { store });
  await files.start();
  await files.settled();
  assert.deepEqual([server.files, store.kept.size], [["f1"], 0]);
});

test("a refused photo says so and holds nothing else up; a lost seat ends all", async (t) => {
  const { files, server } = setUp(t);
  server.refusal = new DoorRefusal("exam-file-unfit", "This is no photo.");
  const bad = await files.add("q1", PHOTO);
  await files.settled();
  assert.deepEqual([files.fileOf(bad).state, files.fileOf(bad).message], ["refused", "This is no photo."]);
  server.refusal = new DoorRefusal("exam-ended", "");
  const late = await files.add("q1", PHOTO);
  await files.settled();
  assert.equal(files.fileOf(late).state, "late");
  server.refusal = null;
  const good = await files.add("q1", PHOTO);
  await files.settled();
  assert.equal(files.fileOf(good).state, "stored");
  server.refusal = new DoorRefusal("exam-seat-taken", "");
  await files.add("q1", PHOTO);
  await files.settled();
  assert.deepEqual(server.told, ["exam-seat-taken"]);
});

test("what another device has sent is fetched, and what nobody has is absent", async (t) => {
  const there = setUp(t, { fetched: PHOTO });
  assert.equal(there.files.fileOf("other").state, "loading");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(there.files.fileOf("other").state, "stored");
  t.mock.timers.reset();
  const nowhere = setUp(t);
  nowhere.files.fileOf("other");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(nowhere.files.fileOf("other").state, "absent");
});

test("a recording ends two seconds before the attempt does", (t) => {
  assert.equal(setUp(t).files.secondsLeft(), 28);
});
