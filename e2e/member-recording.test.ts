/** The recording of a person of a small lesson whose camera falls from WebRTC to the web connection: one timeline, as long as the person was there, by flash and beep. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { flashesAndBeeps, nearest } from "./flashes-and-beeps.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { flashesDrawn, madeUpPerson } from "./made-up-person.ts";
import { joinSmall, openWorld, student } from "./stage-pages.ts";
import { udpGate } from "./udp-gate.ts";

const HERTZ = 900;
const WINDOW = { width: 480, height: 640 };
/** On each way. */
const PUBLISHED_MS = 15_000;
const LIMIT_MS = 60_000;
const MOST_OFF_MS = 80;
/** A flash is found at a frame of the file, and drawn late by a busy page. */
const MOST_MOVED_MS = 200;

long(
  "a camera that falls from WebRTC to the web connection has one recording, no longer than the person was there, with flash and beep together",
  async (t) => {
    const { server, teacherId } = await openWorld();
    const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small", record: true });
    const page = await student(t, lesson, "Anna", WINDOW, { script: madeUpPerson(HERTZ) });
    const gate = await udpGate(t, page, /\/whip(\?|$)/);
    const publisher = async (): Promise<string | null> => {
      const { items } = await done(server, "GET", "/streams");
      const own = items.find(({ name }: { name: string }) => name.startsWith(`${lesson.stream.name}~`));
      return own?.publisher?.protocol ?? null;
    };
    const begun = performance.now();
    await joinSmall(page);
    await until(async () => (await publisher()) === "whip", "Anna by WebRTC", LIMIT_MS);
    await sleep(PUBLISHED_MS);
    gate.shut();
    await until(async () => !["whip", null].includes(await publisher()), "Anna by the web connection", LIMIT_MS);
    await sleep(PUBLISHED_MS);
    const drawn = await flashesDrawn(page);
    await done(server, "POST", `/lessons/${lesson.id}/end`);
    const wasThereMs = performance.now() - begun;

    const recordings = await until(
      async () => {
        const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
        return items.length > 0 && items.every(({ whole }: { whole: boolean }) => whole) ? items : null;
      },
      "the recording",
      LIMIT_MS,
    );
    assert.equal(recordings.length, 1);
    const [recording] = recordings;
    t.diagnostic(`${recording.seconds} s of ${Math.round(wasThereMs / 1000)} s`);
    assert.ok(recording.seconds * 1000 <= wasThereMs, `${recording.seconds} s for ${wasThereMs} ms`);
    const folder = mkdtempSync(join(tmpdir(), "lectern-member-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "anna.mp4");
    const { play } = await done(server, "POST", `/recordings/${recording.id}/links`, {});
    writeFileSync(file, Buffer.from(await (await fetch(play.mp4)).arrayBuffer()));
    const [{ flashes, beeps } = { flashes: [], beeps: [] }] = await flashesAndBeeps(t, file, [HERTZ]);
    const apart = flashes.map((flash) => Math.abs(nearest(beeps, flash))).filter((ms) => ms < 1000);
    apart.sort((one, other) => one - other);
    t.diagnostic(
      `flashes ${flashes.join(" ")}; beeps ${beeps.join(" ")}; drawn ${drawn.map(({ at }) => at - (drawn[0]?.at ?? 0)).join(" ")}`,
    );
    assert.ok(apart.length >= 6, `${apart.length} flashes with a beep`);
    assert.ok((apart[apart.length >> 1] ?? 1000) <= MOST_OFF_MS, `flash and beep are ${apart.join(", ")} ms apart`);
    // Between two flashes that follow each other there is as much time as there was; only the change of the way may be shorter.
    const steps = flashes.slice(1).map((at, i) => at - (flashes[i] ?? 0));
    const stretched = steps.filter((step) => step % 3000 > MOST_MOVED_MS && step % 3000 < 3000 - MOST_MOVED_MS);
    assert.ok(stretched.length <= 1, `from flash to flash ${steps.join(", ")} ms`);
  },
);
