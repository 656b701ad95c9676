/**
 * Teaching materials: uploaded in parts, converted in a sandbox, shown to people in a lesson, and converted again by others where a process is killed.
 * Runs late.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { childrenOf, type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { presentation, textDocument } from "./office-files.ts";
import { pdfOf } from "./pdf-files.ts";
import { picture, sendPart, settled, upload } from "./uploads.ts";
import { pidOf } from "./worker-connections.ts";

const SET = { workers: "2" };
/** A conversion of so many lasts longer than it takes to find its programs, several seconds on a fast machine. */
const PAGES = 20;

/** A picture of colour bars. */
function pictureFile(codec: "png" | "mjpeg", size: string): Buffer {
  const source = ["-v", "error", "-f", "lavfi", "-i", `smptebars=s=${size}:r=1:d=1`, "-frames:v", "1"];
  return execFileSync("ffmpeg", [...source, "-c:v", codec, "-f", "image2pipe", "-"], { maxBuffer: 20_000_000 });
}

/** The sizes of a WebP as ffmpeg reads it. */
function sizeOf(webp: Buffer): string {
  const args = [
    "-v",
    "error",
    "-select_streams",
    "v",
    "-show_entries",
    "stream=width,height",
    "-of",
    "csv=p=0",
    "-f",
    "webp_pipe",
    "-i",
    "-",
  ];
  return execFileSync("ffprobe", args, { input: webp }).toString().trim();
}

/** Processes of sandboxes below a server. */
function sandboxed({ process: { pid } }: Pick<Lectern, "process">): number[] {
  const below = (of: number): number[] => childrenOf(of).flatMap((child) => [child, ...below(child)]);
  return below(pid ?? 0).filter((child) => {
    try {
      return /pdftoppm|pdfinfo|soffice|ffmpeg.*large-/.test(
        readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0").slice(0, 30).join(" "),
      );
    } catch {
      return false;
    }
  });
}

test("a PDF that is uploaded in parts, with a cut and a wrong offset, becomes pages with pictures and text", async () => {
  const lectern = await sharedLectern(SET);
  const file = pdfOf(["First page", "Second page", "Third page"]);
  const { id, state } = await done(lectern, "POST", "/materials", { filename: "C:\\lessons\\maths.pdf", size: file.length });
  assert.equal(state, "uploading");
  const half = Math.floor(file.length / 2);
  assert.deepEqual(await sendPart(lectern, id, 0, file.subarray(0, half)), { status: 204, offset: half, body: null });
  const again = await sendPart(lectern, id, 0, file.subarray(0, half));
  assert.deepEqual([again.status, again.body.code], [409, "conflict"]);
  const where = await fetch(`${lectern.http}/api/v1/materials/${id}/content`, {
    method: "HEAD",
    headers: { authorization: "Bearer test-token" },
  });
  assert.deepEqual([where.headers.get("upload-offset"), where.headers.get("upload-length")], [String(half), String(file.length)]);
  const tooMuch = await sendPart(lectern, id, half, Buffer.alloc(file.length));
  assert.deepEqual([tooMuch.status, tooMuch.body.code], [413, "too-large"]);
  assert.equal((await sendPart(lectern, id, half, file.subarray(half))).status, 204);
  const material = await settled(lectern, id);
  assert.deepEqual(
    [material.state, material.kind, material.pages, material.total, material.title, material.width, material.height],
    ["ready", "pdf", 3, 3, "maths", 1600, 900],
  );
  const page = await done(lectern, "GET", `/materials/${id}/pages/2`);
  assert.deepEqual([page.text, page.notes, page.width, page.height], ["Second page", "", 1600, 900]);
  assert.equal(sizeOf(await picture(lectern, id, 3, "large")), "1600,900");
  assert.equal(sizeOf(await picture(lectern, id, 3, "small")), "480,270");
  const found = await done(lectern, "GET", "/materials?search=third");
  assert.deepEqual(
    found.items.map((item: Body) => item.id),
    [id],
  );
  assert.equal((await ask(lectern, "GET", `/materials/${id}/pages/4`)).status, 404);
  const folder = join(lectern.directory, "materials", id);
  assert.deepEqual(readdirSync(folder).length, 7);
  await done(lectern, "DELETE", `/materials/${id}`);
  assert.equal((await ask(lectern, "GET", `/materials/${id}`)).status, 404);
  await until(() => !existsSync(folder), "the files to be deleted");
});

long("slides in Chinese become pages, with notes for staff alone", async () => {
  const lectern = await sharedLectern(SET);
  const slides = [1, 2, 3].map((n) => ({ text: `第${n}课`, notes: `备注${n}` }));
  const id = await upload(lectern, "课件.pptx", await presentation(slides, "pptx"), { title: "几何" });
  const material = await settled(lectern, id);
  assert.deepEqual(
    [material.state, material.kind, material.pages, material.total, material.title],
    ["ready", "office", 3, 3, "几何"],
  );
  const page = await done(lectern, "GET", `/materials/${id}/pages/2`);
  // Letters of two fonts may have a space between them.
  assert.deepEqual([page.text.replace(/\s/g, ""), page.notes.replace(/\s/g, "")], ["第2课", "备注2"]);
  assert.equal((await done(lectern, "GET", `/materials?search=${encodeURIComponent("几何")}`)).items[0].id, id);
});

long("documents and pictures become pages; photos are upright, and small pictures stay small", async () => {
  const lectern = await sharedLectern(SET);
  const document = await settled(
    lectern,
    await upload(lectern, "text.docx", await textDocument(["第一段", "Second"], "docx")),
    300,
  );
  assert.deepEqual([document.state, document.kind, document.pages], ["ready", "office", 1]);
  assert.match((await done(lectern, "GET", `/materials/${document.id}/pages/1`)).text, /第一段\s+Second/);
  const png = await settled(lectern, await upload(lectern, "bars.png", pictureFile("png", "400x300")));
  assert.deepEqual([png.state, png.kind, png.width, png.height], ["ready", "image", 400, 300]);
  const photo = pictureFile("mjpeg", "3200x1600");
  const exif = Buffer.from(
    "ffe10022457869660000" + "49492a0008000000" + "0100" + "1201030001000000" + "06000000" + "00000000",
    "hex",
  );
  const turned = Buffer.concat([photo.subarray(0, 2), exif, photo.subarray(2)]);
  const jpeg = await settled(lectern, await upload(lectern, "photo.jpg", turned));
  assert.deepEqual([jpeg.state, jpeg.width, jpeg.height], ["ready", 1600, 3200]);
  assert.equal(sizeOf(await picture(lectern, jpeg.id, 1, "small")), "480,960");
});

test("people in a lesson get the pictures of what was opened there, as long as they may be in its room", async () => {
  const lectern = await sharedLectern(SET);
  const { id } = await settled(lectern, await upload(lectern, "lesson.pdf", pdfOf(["One", "Two"])));
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const other = await done(lectern, "POST", "/lessons", { title: "History" });
  const linkOf = async ({ code }: Body) => {
    const { viewer, play } = await done(lectern, "POST", `/lessons/${code}/join`, { name: "Anna" });
    return { viewer, query: new URL(play.hls).search };
  };
  const anna = await linkOf(lesson);
  const address = (code: string, file: string) => `${lectern.http}/api/v1/rooms/${code}/slides/${id}/${file}`;
  const statusOf = async (url: string) => (await fetch(url)).status;
  await done(lectern, "PUT", `/lessons/${lesson.id}/materials/${id}`, {});
  assert.equal(await statusOf(address(lesson.code, "large-1.webp") + anna.query), 404, "put ready, not opened");
  await done(lectern, "PUT", `/lessons/${lesson.id}/materials/${id}`, { opened: true });
  const answer = await fetch(address(lesson.code, "large-1.webp") + anna.query);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "image/webp");
  assert.match(answer.headers.get("cache-control") ?? "", /^private, .*immutable/);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), await picture(lectern, id, 1, "large"));
  const etag = answer.headers.get("etag") ?? "";
  assert.equal(
    (await fetch(address(lesson.code, "large-1.webp") + anna.query, { headers: { "if-none-match": etag } })).status,
    304,
  );
  assert.equal(await statusOf(address(lesson.code, "small-2.webp") + anna.query), 200);
  const texts = await (await fetch(address(lesson.code, "texts") + anna.query)).json();
  assert.deepEqual(texts, {
    pages: [
      { n: 1, text: "One" },
      { n: 2, text: "Two" },
    ],
  });
  assert.equal(await statusOf(address(lesson.code, "texts")), 401);
  for (const file of ["large-3.webp", "original", "text-1.txt", "large-0.webp", "..%2Foriginal"])
    assert.equal(await statusOf(address(lesson.code, file) + anna.query), 404, file);
  assert.equal(await statusOf(address(lesson.code, "large-1.webp")), 401, "no link");
  assert.equal(await statusOf(address(other.code, "large-1.webp") + anna.query), 401, "the link of another lesson");
  const ben = await linkOf(other);
  assert.equal(await statusOf(address(other.code, "large-1.webp") + ben.query), 404, "not opened in that lesson");
  assert.equal(await statusOf(address(lesson.code, "large-1.webp") + ben.query), 401);
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
  await until(
    async () => (await statusOf(address(lesson.code, "large-2.webp") + anna.query)) === 403,
    "the removed person to be refused",
  );
  const carla = await linkOf(lesson);
  assert.equal(await statusOf(address(lesson.code, "large-2.webp") + carla.query), 200);
  await done(lectern, "DELETE", `/lessons/${lesson.id}/materials/${id}`);
  await until(
    async () => (await statusOf(address(lesson.code, "large-2.webp") + carla.query)) === 404,
    "what was taken out to be gone",
  );
});

long("those who may watch a lesson's recording get the pictures that the lesson has opened, and their text", async (t) => {
  const lectern = await sharedLectern(SET);
  const { id } = await settled(lectern, await upload(lectern, "recorded.pdf", pdfOf(["One"])));
  const other = await settled(lectern, await upload(lectern, "other.pdf", pdfOf(["Secret"])));
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths", record: true });
  await done(lectern, "PUT", `/lessons/${lesson.id}/materials/${id}`, { opened: true });
  const publisher = push(t, `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  await done(lectern, "POST", `/lessons/${lesson.id}/end`, {});
  publisher.child.kill("SIGKILL");
  const recording = await until(
    async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.find((one: Body) => one.whole) ?? null,
    "the recording",
  );
  const { play } = await done(lectern, "POST", `/recordings/${recording.id}/links`, {});
  const { search } = new URL(play.hls);
  const address = (material: string, file: string) => `${lectern.http}/vod/${recording.id}/slides/${material}/${file}`;
  const answer = await fetch(address(id, "large-1.webp") + search);
  assert.equal(answer.status, 200);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), await picture(lectern, id, 1, "large"));
  assert.deepEqual(await (await fetch(address(id, "texts") + search)).json(), { pages: [{ n: 1, text: "One" }] });
  assert.equal((await fetch(address(other.id, "large-1.webp") + search)).status, 404, "not of this lesson");
  assert.equal((await fetch(address(id, "large-1.webp"))).status, 401, "no link");
});

long("a conversion whose program is killed, and then its worker, is done again", async () => {
  const lectern = await sharedLectern();
  const file = pdfOf(Array.from({ length: PAGES }, (_, i) => `Page ${i + 1}`));
  const id = await upload(lectern, "killed.pdf", file);
  /** The programs of an attempt that has made some pages. @param besides of the attempt before */
  const converting = (besides: readonly number[] = []) =>
    until(async () => {
      const { state, pages } = await done(lectern, "GET", `/materials/${id}`);
      const programs = sandboxed(lectern);
      const isNext = programs.length > 0 && programs.every((pid) => !besides.includes(pid));
      return state === "converting" && pages > 0 && isNext ? programs : null;
    }, "a conversion with some pages");
  const first = await converting();
  process.kill(first[0] ?? assert.fail(), "SIGKILL");
  await until(() => lectern.said().includes("material not converted"), "the killed program to be noticed");
  const before = await converting(first);
  const worker = pidOf(lectern, "media-1");
  process.kill(worker, "SIGKILL");
  await until(() => before.every((pid) => !existsSync(`/proc/${pid}`)), "the programs of the killed worker to end");
  const material = await settled(lectern, id, 300);
  assert.deepEqual([material.state, material.pages], ["ready", PAGES]);
  assert.notEqual(pidOf(lectern, "media-1"), worker);
  assert.match((await done(lectern, "GET", `/materials/${id}/pages/${PAGES}`)).text, new RegExp(`Page ${PAGES}`));
  const work = join(lectern.directory, "materials-work/media-1");
  await until(() => !existsSync(work) || readdirSync(work).length === 0, "the folders of jobs to be removed");
});
