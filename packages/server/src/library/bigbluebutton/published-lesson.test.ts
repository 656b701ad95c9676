import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodePoints, Page, parseOperations } from "@lectern/board";
import type { ImportedEntry, ImportedLesson, ImportedTo } from "../../contracts/recordings/imported-lesson.ts";
import { systemClock } from "../../platform/clock.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { listFlvFiles } from "../files/file-names.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { importPublished } from "./import-published.ts";
import { NotPublished, presentationOf, readPublished } from "./published-lesson.ts";
import { roomOf } from "./published-room.ts";
import { makeVideo } from "./published-video.ts";
import { PUBLISHED, writePublished } from "./test-published.ts";

const parent = mkdtempSync(join(tmpdir(), "lectern-published-"));
let folder = "";
before(() => {
  folder = writePublished(parent);
});
after(() => rmSync(parent, { recursive: true, force: true }));

const pages = [1, 2, 3].map((n) => ({ n, text: "", width: 800, height: 600 }));
const material = { id: "m1", title: "Fractions", filename: "f.pdf", kind: "pdf", size: 1, pictureBytes: 1, pages } as const;
const room = async (): Promise<ImportedEntry[]> =>
  roomOf(await readPublished(folder), new Map([[PUBLISHED.presentation, material]]));
const secondsOf = ({ at }: ImportedEntry): number => (at - PUBLISHED.startedAt) / 1000;

test("a published recording says its title, its time, its chat as plain text, and what an import leaves out", async () => {
  const lesson = await readPublished(folder);
  assert.deepEqual([lesson.title, lesson.startedAt, lesson.seconds], [PUBLISHED.title, PUBLISHED.startedAt, PUBLISHED.seconds]);
  assert.deepEqual(lesson.chat, [
    { at: 1, name: "Li Mei", text: "Good morning & hello" },
    { at: 5, name: "Ben", text: "See https://example.org/" },
    { at: 11, name: "Li Mei", text: "再见" },
  ]);
  assert.deepEqual(
    lesson.slides.map(({ texts }) => texts),
    [["Slide 1", "Slide 2", "Slide 3"]],
  );
  assert.deepEqual(lesson.screenSpans, [{ from: 8, to: 10 }]);
  assert.deepEqual(lesson.leftOut, ["results of polls"]);
});

test("a folder that is none is refused, and a file outside of the slides is no slide", async () => {
  await assert.rejects(readPublished(parent), NotPublished);
  writeFileSync(join(parent, "metadata.xml"), "<recording><id>x</id></recording>");
  await assert.rejects(readPublished(parent), NotPublished);
  for (const file of ["presentation/deskshare.png", "presentation/logo.png", "presentation/../slide-1.png", "other/x/slide-1.png"])
    assert.equal(presentationOf(file), null, file);
});

test("slides are shown when they were, with the part that was enlarged, and none while a screen is shared", async () => {
  const shown = (await room()).filter(({ key }) => key === "page/shown");
  assert.deepEqual(
    shown.map((entry) => [secondsOf(entry), entry.body["page"], entry.body["view"]]),
    [
      [0, "1.1", null],
      [6, "1.2", null],
      [7, "1.2", { x: 3200, y: 2400, scale: 2 }],
      [8, null, null],
      [10, "1.1", null],
    ],
  );
});

test("what was drawn is drawn once, at its times, in the unit of the page, and undone when it was", async () => {
  const strokes = (await room()).filter(({ kind }) => kind === "stroke");
  for (const { body } of strokes) assert.ok(!("mistake" in parseOperations(body["ops"])), JSON.stringify(body));
  assert.deepEqual(new Set(strokes.map(({ body }) => body["page"])), new Set(["1.1"]));
  const after = (seconds: number) => {
    const operations = strokes.filter((entry) => secondsOf(entry) <= seconds).flatMap(({ body }) => body["ops"] as never[]);
    return Page.of(operations)
      .items()
      .filter(({ deleted }) => !deleted)
      .map(({ content }) => content);
  };
  assert.deepEqual(
    after(2).map(({ type }) => type),
    ["stroke"],
  );
  const [begun] = after(2.4);
  assert.ok(begun?.type === "stroke" && begun.color === "red");
  assert.deepEqual(
    begun.points.map(({ x, y }) => [x, y]),
    [
      [800, 800],
      [1600, 800],
      [2400, 1600],
    ],
  );
  const [smoothed, rectangle, ellipse, text] = after(4.5);
  assert.ok(smoothed?.type === "stroke" && smoothed.points.length > 3);
  assert.deepEqual(rectangle, {
    type: "shape",
    shape: "rectangle",
    color: "blue",
    stroke: 64,
    x: 3200,
    y: 800,
    width: 1600,
    height: 1200,
  });
  assert.deepEqual(ellipse, {
    type: "shape",
    shape: "ellipse",
    color: "green",
    stroke: 64,
    x: 800,
    y: 2800,
    width: 1600,
    height: 800,
  });
  assert.ok(text?.type === "text" && text.text === "1/2 < 2/3\nalways" && text.size === 192, JSON.stringify(text));
  assert.deepEqual(
    after(12).map(({ type }) => type),
    ["stroke", "shape", "text"],
  );
  assert.ok(decodePoints("") !== null);
});

test("an import makes one whole recording at its time, and pictures of the slides; a second one does nothing", async () => {
  const dataDir = join(parent, "data");
  let added: ImportedLesson | null = null;
  const to: ImportedTo = { lessonId: "l1", app: "live", name: "stream", known: false };
  const options = {
    folder,
    dataDir,
    keys: NO_FILE_KEYS,
    command: "ffmpeg",
    clock: systemClock,
    niceness: 0,
    school: null,
    course: null,
    onProgress: () => {},
    find: async () => (added ? { ...to, known: true } : null),
    add: async (lesson: ImportedLesson) => {
      added = lesson;
      return to;
    },
  };
  const first = await importPublished(options);
  assert.deepEqual([first.known, first.title], [false, PUBLISHED.title]);
  const records = join(dataDir, "recordings/live/stream");
  const [name = "", ...others] = await listFlvFiles(records);
  assert.deepEqual([name, others], ["20231114-221320-000.flv", []]);
  const file = await IndexedFile.open(join(records, name));
  assert.ok(file?.end, "the file is whole");
  const { materials: [slides] = [] } = added as unknown as ImportedLesson;
  assert.deepEqual(
    slides?.pages.map(({ n, width, height, text }) => [n, width, height, text]),
    [
      [1, 800, 600, "Slide 1"],
      [2, 800, 600, "Slide 2"],
      [3, 800, 600, "Slide 3"],
    ],
  );
  assert.equal((await importPublished(options)).known, true);
  assert.equal((await listFlvFiles(records)).length, 1);
});

/** A copy of the recording that a test may spoil. */
function copied(name: string): string {
  const to = join(parent, name);
  cpSync(folder, to, { recursive: true });
  return to;
}

test("nothing that a link or a pipe in the folder leads to is read: not of this machine, and not of its other recordings", async () => {
  const hostile = copied("links");
  const secret = join(parent, "secret.txt");
  writeFileSync(secret, "a secret of this machine");
  const slides = join(hostile, "presentation", PUBLISHED.presentation);
  for (const [at, to] of [
    ["textfiles/slide-1.txt", secret],
    ["slide-2.png", join(folder, "presentation", PUBLISHED.presentation, "slide-2.png")],
  ] as const) {
    rmSync(join(slides, at));
    symlinkSync(to, join(slides, at));
  }
  rmSync(join(hostile, "video"), { recursive: true });
  symlinkSync(join(folder, "video"), join(hostile, "video"));
  rmSync(join(slides, "textfiles/slide-3.txt"));
  execFileSync("mkfifo", [join(slides, "textfiles/slide-3.txt")]);
  const lesson = await readPublished(hostile);
  assert.deepEqual(
    lesson.slides.map(({ texts, files }) => [texts, files.map((file) => file !== "")]),
    [
      [
        ["", "Slide 2", ""],
        [true, false, true],
      ],
    ],
  );
  assert.deepEqual([lesson.webcams, lesson.screen !== null], [null, true]);
  // A folder that is a link itself, as a person may name it.
  symlinkSync(folder, join(parent, "by-link"));
  assert.equal((await readPublished(join(parent, "by-link"))).webcams !== null, true);
});

test("a slide with an enormous number makes no more pages than a file may have", async () => {
  const hostile = copied("numbers");
  const slides = join(hostile, "presentation", PUBLISHED.presentation);
  for (const number of ["4294967296", "99999999", "501", "0"])
    cpSync(join(slides, "slide-1.png"), join(slides, `slide-${number}.png`));
  const [first] = (await readPublished(hostile)).slides;
  assert.equal(first?.files.length, 3);
});

test("a playlist by the name of a video is none, and what it names is not read", async () => {
  const hostile = copied("playlists");
  const other = join(folder, "video/webcams.webm");
  const playlists = {
    HLS: `#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\n${other}\n#EXT-X-ENDLIST\n`,
    concat: `ffconcat version 1.0\nfile other.webm\n`,
  };
  rmSync(join(hostile, "deskshare"), { recursive: true });
  cpSync(other, join(hostile, "video/other.webm"));
  const work = join(parent, "work");
  mkdirSync(work);
  for (const [kind, text] of Object.entries(playlists)) {
    writeFileSync(join(hostile, "video/webcams.webm"), text);
    const options = { command: "ffmpeg", folder: work, clock: systemClock, niceness: 0, onProgress: () => {}, onFailure: () => {} };
    assert.equal(await makeVideo(await readPublished(hostile), options), "no-media", kind);
  }
});

test("text of a recording has no characters that no database takes", async () => {
  const hostile = copied("characters");
  const line = (text: string) => `<chattimeline in="1" name="Li&#0;\0" message="${text}" target="chat"/>`;
  writeFileSync(join(hostile, "slides_new.xml"), `<popcorn>${line("a\0b")}${line("&#xD800;c&#0;")}</popcorn>`);
  assert.deepEqual((await readPublished(hostile)).chat, [
    { at: 1, name: "Li", text: "ab" },
    { at: 1, name: "Li", text: "c" },
  ]);
});

test("a recording that is made to cost time is read in the time of its length", { timeout: 60_000 }, async () => {
  const hostile = copied("long");
  const count = 100_000;
  const image = (i: number) =>
    `<image id="image${i}" in="${i / 100}" out="9" width="8" height="6" xlink:href="presentation/${PUBLISHED.presentation}/slide-1.png"/>`;
  const lines = "\n".repeat(count);
  const drawn = `<g class="canvas" image="image1"><g class="shape" id="a" timestamp="1"><foreignObject x="0" y="0" width="9" height="9"><p>${lines}x</p></foreignObject></g></g>`;
  writeFileSync(join(hostile, "shapes.svg"), `<svg>${Array.from({ length: count }, (_, i) => image(i)).join("")}${drawn}</svg>`);
  const views = Array.from(
    { length: count },
    (_, i) => `<event timestamp="${i / 100 + 0.005}"><viewBox>0 0 ${(i % 7) + 1} 6</viewBox></event>`,
  );
  writeFileSync(join(hostile, "panzooms.xml"), `<recording>${views.join("")}</recording>`);
  const lesson = await readPublished(hostile);
  assert.equal(lesson.shapes.images.length, count);
  assert.ok(roomOf(lesson, new Map([[PUBLISHED.presentation, material]])).length > count / 2);
});
