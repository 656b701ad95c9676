/** The engine that is a server: what it is sent, what comes of its answers, and how it is given up. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type EngineLine, SAMPLE_RATE } from "./caption-engine.ts";
import { startServerEngine } from "./server-engine.ts";
import { type SpokenAnswer, startTestTranscriptionServer } from "./test-transcription-server.ts";
import type { TranscriptionServer } from "./transcription-request.ts";

const KEY = "s3cret-key";

/** So many seconds of a tone, and a second of silence. */
function spoken(seconds: number): Buffer {
  const sound = Buffer.alloc((seconds + 1) * SAMPLE_RATE * 2);
  for (let i = 0; i < seconds * SAMPLE_RATE; i++) sound.writeInt16LE(Math.round(5000 * Math.sin(i / 7)), i * 2);
  return sound;
}

async function started(t: TestContext, answer: (number: number) => SpokenAnswer, of: Partial<TranscriptionServer> = {}) {
  const server = await startTestTranscriptionServer(KEY, (_speech, number) => answer(number));
  const lines: EngineLine[] = [];
  let ended: (problem: JobProblem | null) => void = () => {};
  const end = new Promise<JobProblem | null>((resolve) => {
    ended = resolve;
  });
  const engine = startServerEngine(
    { url: server.url, secret: KEY, model: "whisper-1", timeoutMs: 5000, language: "", ...of },
    { onLine: (line) => lines.push(line), onDrain: () => {}, onEnd: (problem) => ended(problem) },
  );
  t.after(() => {
    engine.close();
    server.close();
  });
  return { engine, lines, end, sent: server.sent };
}

test("each piece of speech is sent as a file with the model and the language, and its words have its time", async (t) => {
  const { engine, lines, end, sent } = await started(t, (number) => `sentence ${number}`, { language: "zh-CN" });
  engine.write(Buffer.concat([spoken(1), spoken(2)]));
  engine.finish();
  assert.equal(await end, null);
  assert.deepEqual(lines.map(({ start, text, isFinal }) => [Math.round(start), text, isFinal]).sort(), [
    [0, "sentence 1", true],
    [2, "sentence 2", true],
  ]);
  assert.deepEqual(
    sent.map(({ model, language }) => [model, language]),
    [
      ["whisper-1", "zh"],
      ["whisper-1", "zh"],
    ],
  );
});

test("a failure that passes is tried once more", async (t) => {
  const { engine, lines, end } = await started(t, (number) => (number === 1 ? { status: 503, body: "busy" } : "here"));
  engine.write(spoken(1));
  engine.finish();
  assert.equal(await end, null);
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["here"],
  );
});

test("a refused key ends it at once, and what the server says is in the words", async (t) => {
  const { engine, end } = await started(t, () => "never", { secret: "another" });
  engine.write(spoken(1));
  const problem = await end;
  assert.equal(problem?.code, "bad-credential");
  assert.match(problem?.detail ?? "", /Incorrect API key/);
  assert.doesNotMatch(problem?.detail ?? "", /another/);
});

test("a server without an answer is given up after three pieces", async (t) => {
  const { engine, end, lines } = await started(t, () => null, { timeoutMs: 50 });
  engine.write(Buffer.concat([spoken(1), spoken(1), spoken(1)]));
  assert.equal((await end)?.code, "unreachable");
  assert.deepEqual(lines, []);
});

test("an answer without text is no answer of this API", async (t) => {
  const { engine, end } = await started(t, () => ({ status: 200, body: "<html>" }));
  engine.write(spoken(1));
  assert.equal((await end)?.code, "unsupported");
});

test("nothing is sent of silence", async (t) => {
  const { engine, end, sent } = await started(t, () => "thank you for watching");
  engine.write(Buffer.alloc(SAMPLE_RATE * 10));
  engine.finish();
  assert.equal(await end, null);
  assert.deepEqual(sent, []);
});
