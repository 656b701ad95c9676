/** A student who comes before the lesson, sees slides come during it, and comes back after it: the browser's console stays empty, and nothing jumps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { pictureMoves, pictureOf } from "./journeys.ts";
import { noteShifts, type Shifts, shiftsOf } from "./layout-shifts.ts";
import { until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { pdfOf } from "./pdf-files.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { settled, upload } from "./uploads.ts";

/** What comes a moment later, such as the actions of the room: https://web.dev/articles/cls, whose "good" is 0.1. */
const MAX_SHIFT = 0.01;
/** Of slides that come late: the camera glides to its place, and on a desktop the tabs below it move down by its height. */
const MAX_SLIDES_SHIFT = 0.05;
/** What students press and write in; and on a phone, where the camera goes into the corner of the stage, what they read too. */
const STAYS = { phone: /dock|class-bar|side|chat/, desktop: /dock|class-bar/ };
const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
};

for (const [name, screen] of Object.entries(SCREENS))
  test(`on a ${name}, a class says nothing in the console before, during and after the lesson, and slides that come late leave what is pressed where it is`, async (t) => {
    const server = await sharedLectern();
    const { id: schoolId } = await newSchool(server);
    const teacher = await newPerson(server, schoolId, "teacher", "Wang Fang");
    const student = await newPerson(server, schoolId, "student", "Li Mei");
    const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId: teacher.id });
    await done(server, "PUT", `/lessons/${lesson.id}/invited/${student.id}`);
    // A stream that ends may be asked for once more, where the page hears late of it.
    const page = await openPage(t, { locale: "en-US", ...screen, expected: /404 \(Not Found\)/ });
    let phase = "waiting";
    const messages: string[] = [];
    page.on("console", (message) => messages.push(`${phase}, ${message.type()}: ${message.text()} ${message.location().url}`));
    await noteShifts(page);
    let noted: Shifts = { value: 0, what: [] };
    /** Since the last call. */
    const shifted = async (next: string) => {
      const { value, what } = await shiftsOf(page);
      const since = { value: value - noted.value, what: what.slice(noted.what.length) };
      noted = { value, what };
      for (const one of since.what) t.diagnostic(`${name}, ${phase}: ${one}`);
      phase = next;
      return since;
    };
    await signInBrowser(page.context(), server.http, student.token);
    const streams: string[] = [];
    page.on("request", (request) => {
      if (/\.(flv|m3u8)\b|\/whep\b/.test(request.url())) streams.push(request.url());
    });
    const room = page.waitForEvent("websocket");
    await page.goto(`${server.http}/j/${lesson.code}`);
    await (await room).waitForEvent("framereceived");
    await page.getByText("The lesson is not live yet").first().waitFor();
    await pictureOf(page, `early-${name}-1-waiting`);
    assert.deepEqual(streams, [], "no stream is asked for before the lesson");
    const waiting = await shifted("live");
    assert.ok(waiting.value < MAX_SHIFT, waiting.what.join("\n"));

    const publisher = push(t, lesson.stream.rtmpUrl, "calm");
    await until(() => pictureMoves(page), "the picture");
    await pictureOf(page, `early-${name}-2-live`);
    const begun = await shifted("slides");
    assert.ok(begun.value < MAX_SHIFT, begun.what.join("\n"));

    const id = await upload(server, "fractions.pdf", pdfOf(["One half", "One quarter"]), {
      token: teacher.token,
      title: "Fractions",
    });
    await settled(server, id);
    await done(server, "PUT", `/lessons/${lesson.id}/materials/${id}`, { opened: true });
    let entries = 0;
    const turn = async (action: object) => {
      const entry = { id: `early-${++entries}`, kind: "page", ...action };
      const { status, body } = await ask(server, "POST", `/lessons/${lesson.id}/room/entries`, entry, teacher.token);
      assert.ok(status < 300, JSON.stringify(body));
      return body.answer;
    };
    const { set } = await turn({ action: "open", material: id });
    await turn({ action: "show", page: `${set}.1` });
    await page.locator(".board-slide").first().waitFor();
    await pictureOf(page, `early-${name}-3-slides`);
    const { what, value } = await shifted("over");
    assert.ok(value < MAX_SLIDES_SHIFT, what.join("\n"));
    for (const one of what) assert.doesNotMatch(one, STAYS[name as keyof typeof STAYS]);
    assert.deepEqual(messages, [], "the console");

    publisher.child.kill("SIGKILL");
    await until(
      async () => (await done(server, "GET", `/invitations/${lesson.code}`)).publisherLeftAt !== null,
      "the publisher to have left",
    );
    await page.locator("lectern-player[awaits-live]").waitFor();
    await done(server, "POST", `/lessons/${lesson.id}/end`);
    await page.getByText("The lesson has ended").first().waitFor();
    // A device that was there knows the end; another one asks for the way in.
    for (const knows of [true, false]) {
      if (!knows) await page.evaluate(() => localStorage.clear());
      await page.reload();
      await page.getByText("The lesson has ended").first().waitFor();
      await page.waitForLoadState("networkidle");
      await pictureOf(page, `early-${name}-4-over`);
    }
    assert.deepEqual(
      messages.filter((one) => !/404 .*\.flv/.test(one)),
      [],
      "the console",
    );
  });
