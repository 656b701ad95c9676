/**
 * The memory of a class that goes on for an hour, in minutes: as many lines of chat, reactions and questions as an hour brings, over a live picture.
 * Only by name. HEAP_LINES says how many lines, usually 600.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./chromium.ts";
import { ownName } from "./console-school.ts";
import { pictureMoves } from "./journeys.ts";
import { until } from "./lectern.ts";
import { startTaughtLesson } from "./taught-lesson.ts";

const LINES = Number(process.env["HEAP_LINES"] ?? 600);
const PARTS = 4;
/** What a class may take more at the end than after its first quarter. */
const MAX_GROWTH = 8 * 1024 * 1024;

const written = (sent: Promise<unknown>): Promise<boolean> =>
  sent.then(
    () => true,
    () => false,
  );

test("a class with the chat of an hour takes as much memory at its end as after its first quarter", async (t) => {
  const { server, lesson, teach } = await startTaughtLesson(t, ownName("heap"), "Fractions");
  const page = await openPage(t, { viewport: { width: 1440, height: 900 } });
  const messages: string[] = [];
  page.on("console", (message) => messages.push(message.text()));
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await until(() => pictureMoves(page), "the picture");
  const session = await page.context().newCDPSession(page);
  const measure = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
    return { usedSize, nodes, jsEventListeners };
  };
  const sizes: number[] = [];
  const begun = performance.now();
  for (let part = 0; part < PARTS; part++) {
    for (let i = 0; i < LINES / PARTS; i++) {
      const text = `${part}.${i}: half of a half is a quarter, and a quarter of a half is an eighth 四分之一`;
      // Who writes too quickly waits.
      await until(() => written(teach("chat", { text })), "a line");
      if (i % 5 === 0) await until(() => written(teach("reaction", { reaction: "up" })), "a reaction");
    }
    const { usedSize, nodes, jsEventListeners } = await measure();
    sizes.push(usedSize);
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    const lines = (LINES * (part + 1)) / PARTS;
    t.diagnostic(
      `${lines} lines, ${minutes} min: ${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes, ${jsEventListeners} listeners`,
    );
  }
  const [first = 0] = sizes;
  assert.ok((sizes.at(-1) ?? 0) - first < MAX_GROWTH, sizes.join(", "));
  assert.deepEqual(messages, [], "the console");
});
