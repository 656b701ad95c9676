/** The board of a lesson through the API: staff draws on it and gets it as PDF, and nobody else does. Shares a process. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodePoints } from "@lectern/board";
import { onPostgresFirst } from "./school-databases.ts";

const WRITTEN = { type: "text", text: "勾股定理 a2 + b2", color: "black", size: 200, x: 400, y: 400, width: 4000, height: 400 };
const LINE = encodePoints([0, 1, 2].map((i) => ({ x: 500 * i, y: 900, pressure: 0.5, at: 20 * i })));

/** What a PDF says, page by page. */
function textOf(pdf: Buffer): string[] {
  const text = execFileSync("pdftotext", ["-", "-"], { input: pdf }).toString();
  return text
    .split("\f")
    .map((page) => page.trim())
    .slice(0, -1);
}

/** What the pages of a PDF look like: a hash of the pixels of each. */
function picturesOf(pdf: Buffer): string[] {
  const folder = mkdtempSync(join(tmpdir(), "lectern-pdf-"));
  try {
    execFileSync("pdftoppm", ["-r", "40", "-", join(folder, "page")], { input: pdf });
    const files = readdirSync(folder).sort();
    return files.map((file) =>
      createHash("sha256")
        .update(readFileSync(join(folder, file)))
        .digest("hex"),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

onPostgresFirst((open) => {
  let actions = 0;

  test("the board is a PDF for staff: every page with what was written on it", async (t) => {
    const { ok, call, person } = await open(t);
    const schoolId: string = (await ok("GET", "/schools")).items[0].id;
    const [teacher, other, student] = [
      await person(schoolId, "teacher"),
      await person(schoolId, "teacher"),
      await person(schoolId, "student"),
    ];
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths", openToSchool: true } });
    const path = `/lessons/${lesson.id}`;
    const pdf = (token: string | null) => call("GET", `${path}/board.pdf`, { as: token });
    const act = async (kind: string, body: object) =>
      (await ok("POST", `${path}/room/entries`, { as: teacher.token, body: { id: `action-${++actions}`, kind, ...body } })).answer;

    const board = (token: string | null) => call("GET", `${path}/board`, { as: token });
    const shownPage = async () => (await ok("POST", `${path}/join`, { as: student.token, body: {} })).shownPage;

    assert.equal((await pdf(teacher.token)).status, 404, "nothing was shown yet");
    assert.deepEqual((await board(teacher.token)).body, { pages: 0, wasShown: false });
    const { set } = await act("page", { action: "board", background: "grid" });
    await act("page", { action: "add", set });
    await act("stroke", { page: `${set}.1`, ops: [["i", "abcd.1", WRITTEN]] });
    const second = { ...WRITTEN, text: "Second page" };
    const gone = { ...WRITTEN, text: "Mistake" };
    const ops = [
      ["s", "abcd.2", "pen", "red", 20, LINE, 1],
      ["i", "abcd.3", second],
      ["i", "abcd.4", gone],
      ["d", ["abcd.4"]],
    ];
    await act("stroke", { page: `${set}.2`, ops });
    assert.deepEqual((await board(teacher.token)).body, { pages: 2, wasShown: false });
    assert.equal(await shownPage(), null);
    await act("page", { action: "show", page: `${set}.1`, view: { x: 2000, y: 1000, scale: 2 } });
    assert.deepEqual(await shownPage(), { page: `${set}.1`, material: null, whole: false });
    await act("page", { action: "show", page: null });
    assert.equal(await shownPage(), null);
    await act("page", { action: "show", page: `${set}.2` });
    assert.deepEqual(await shownPage(), { page: `${set}.2`, material: null, whole: true });
    assert.deepEqual((await board(teacher.token)).body, { pages: 2, wasShown: true });

    const { status, body, headers } = await pdf(teacher.token);
    assert.deepEqual([status, headers["content-type"]], [200, "application/pdf"]);
    assert.deepEqual(textOf(body), ["勾股定理 a2 + b2", "Second page"]);
    assert.equal((await board(student.token)).status, 403);
    assert.equal((await pdf(student.token)).status, 403);
    assert.equal((await pdf(null)).status, 401);
    assert.ok([403, 404].includes((await pdf(other.token)).status), "another teacher's lesson");
  });

  test("a lesson continues with the board of an earlier one: the pages are the same to the pixel, and only its staff takes them", async (t) => {
    const { ok, call, person } = await open(t);
    const schoolId: string = (await ok("GET", "/schools")).items[0].id;
    const [teacher, other, student] = [
      await person(schoolId, "teacher"),
      await person(schoolId, "teacher"),
      await person(schoolId, "student"),
    ];
    const create = async (as: string) =>
      (await ok("POST", "/lessons", { as, body: { title: "Maths", openToSchool: true } })).id as string;
    const [earlier, later, foreign] = [await create(teacher.token), await create(teacher.token), await create(other.token)];
    const action = (lesson: string, as: string, kind: string, body: object) =>
      call("POST", `/lessons/${lesson}/room/entries`, { as, body: { id: `action-${++actions}`, kind, ...body } });
    const pictures = async (lesson: string) => {
      const { status, body } = await call("GET", `/lessons/${lesson}/board.pdf`, { as: teacher.token });
      assert.equal(status, 200);
      return picturesOf(body);
    };
    const board = (lesson: string, as: string) => call("GET", `/lessons/${lesson}/earlier-boards`, { as });
    assert.deepEqual((await board(later, teacher.token)).body, { items: [] });
    await action(earlier, teacher.token, "page", { action: "board", background: "grid" });
    await action(earlier, teacher.token, "page", { action: "add", set: 1 });
    const ops = [
      ["s", "abcd.1", "pen", "red", 20, LINE, 1],
      ["i", "abcd.2", WRITTEN],
      ["m", "abcd.2", 300, 200, 1.5],
      ["s", "abcd.3", "marker", "blue", 90, LINE, 1],
      ["d", ["abcd.3"]],
    ];
    await action(earlier, teacher.token, "stroke", { page: "1.1", ops });
    const { items } = (await board(later, teacher.token)).body;
    assert.deepEqual(
      items.map(({ at: _, ...one }: { at: string }) => one),
      [{ lessonId: earlier, title: "Maths", pages: 2 }],
    );
    assert.deepEqual((await board(foreign, other.token)).body, { items: [] }, "another teacher's lessons");

    const take = (lesson: string, as: string) => action(lesson, as, "page", { action: "continue", lesson: earlier });
    assert.equal((await take(foreign, other.token)).body.code, "not-found");
    assert.equal((await take(later, student.token)).status, 403);
    assert.deepEqual((await take(later, teacher.token)).body.answer, { sets: [1] });
    assert.deepEqual((await take(later, teacher.token)).body.answer, { sets: [1] });
    const before = await pictures(earlier);
    assert.equal(before.length, 2);
    assert.deepEqual(await pictures(later), before);
    await action(later, teacher.token, "stroke", { page: "1.2", ops: [["s", "abce.1", "pen", "red", 20, LINE, 1]] });
    assert.notDeepEqual(await pictures(later), before);
    assert.deepEqual(await pictures(earlier), before);
  });

  test("a material is shown by its owner, and in a PDF only where the lesson has opened it", async (t) => {
    const { ok, call, person } = await open(t);
    const schoolId: string = (await ok("GET", "/schools")).items[0].id;
    const [owner, thief] = [await person(schoolId, "teacher"), await person(schoolId, "teacher")];
    const body = { title: "Secret", filename: "secret.pdf", size: 4 };
    const { id: material } = await ok("POST", "/materials", { as: owner.token, body });
    const lesson = await ok("POST", "/lessons", { as: thief.token, body: { title: "Maths" } });
    const action = (kind: string, more: object) =>
      call("POST", `/lessons/${lesson.id}/room/entries`, { as: thief.token, body: { id: `action-${++actions}`, kind, ...more } });
    assert.equal((await action("page", { action: "open", material })).body.code, "not-found");
    const { set } = (await action("page", { action: "board" })).body.answer;
    const picture = { type: "picture", material, page: 1, x: 0, y: 0, width: 3000, height: 2000 };
    await action("stroke", { page: `${set}.1`, ops: [["i", "abcd.1", picture]] });
    const pdf = await call("GET", `/lessons/${lesson.id}/board.pdf`, { as: thief.token });
    assert.equal(pdf.status, 200, "a picture that is not the lesson's is left out");
    assert.doesNotMatch(pdf.body.toString("latin1"), /\/Subtype \/Image/);
  });
});
