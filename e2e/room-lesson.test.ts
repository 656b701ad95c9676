/**
 * Six pages in Chromium act out a lesson: a teacher, an assistant, students on a phone, a tablet and a desktop, and a guest. Then a student watches
 * the replay, where everything appears when it did. LESSON_SECONDS=300 makes it five minutes long. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage, type PageOptions } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "sunlit-harbour-42";
const LESSON_MS = Number(process.env["LESSON_SECONDS"] ?? 60) * 1000;
const SEEKS = 10;
const PICTURES = process.env["SCREENSHOTS"];
/** Between two lines of the talk that fills the lesson. */
const TALK_MS = 6000;

type Role = "teacher" | "assistant" | "student";
type School = {
  readonly server: Lectern;
  readonly id: string;
  readonly tokenOf: (login: string, role: Role, name: string) => Promise<Person>;
};
type Person = { readonly id: string; readonly token: string };

async function openSchool(): Promise<School> {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const { id } = await done(server, "POST", "/schools", { slug: "oak", name: "Oak" });
  await done(server, "POST", "/word-lists", { schoolId: id, name: "To be read first", action: "hold", words: "lottery" });
  const tokenOf = async (login: string, role: Role, name: string) => {
    const user = await done(server, "POST", "/users", { schoolId: id, login, name, role, password: PASSWORD });
    const { body } = await ask(server, "POST", "/sessions", { school: "oak", login, password: PASSWORD }, null);
    return { id: user.id, token: body.token };
  };
  return { server, id, tokenOf };
}

async function signedIn(t: TestContext, { server }: School, { token }: Person, options: PageOptions, path: string): Promise<Page> {
  const page = await openOwnPage(t, options, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(server.http + path);
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  const field = page.locator(".chat-write input");
  await field.fill(text);
  await field.press("Enter");
  await page.locator(".chat-line:not(.sending)", { hasText: text }).waitFor();
}

async function picture(pages: Readonly<Record<string, Page>>): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, page] of Object.entries(pages)) await page.screenshot({ path: join(PICTURES, `lesson-${name}.png`) });
}

async function wait(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until(() => performance.now() >= end, "a while", ms + 60_000);
}

const tab = (page: Page, name: string) => page.getByRole("tab", { name });

async function signIn(teacher: Page, students: readonly Page[]): Promise<void> {
  await tab(teacher, "People").click();
  const people = teacher.getByRole("tabpanel", { name: "People" });
  await people.getByRole("button", { name: "Start sign-in" }).click();
  for (const student of students) await student.getByRole("button", { name: "I am here" }).click();
  await people.getByText(`${students.length} signed in`).waitFor();
  await people.getByRole("button", { name: "Close sign-in" }).click();
}

async function muteAndUnmute(teacher: Page, student: Page, line: string): Promise<void> {
  await tab(teacher, "Chat").click();
  const chat = teacher.getByRole("tabpanel", { name: "Chat" });
  for (const action of ["Mute", "Unmute"]) {
    await chat.getByRole("button", { name: `Actions: ${line}` }).click();
    await teacher.getByRole("menuitem", { name: action, exact: true }).click();
    if (action === "Mute") await student.getByText("The teacher has muted you.").waitFor();
    else await student.getByText("The teacher has muted you.").waitFor({ state: "detached" });
  }
}

/** A line with a bad word waits until the assistant has read it. */
async function approveLine(assistant: Page, student: Page, others: readonly Page[]): Promise<void> {
  const field = student.locator(".chat-write input");
  await field.fill("I have won the lottery");
  await field.press("Enter");
  await tab(assistant, "待审核").click();
  await assistant.getByRole("tabpanel", { name: "待审核" }).getByRole("button", { name: /^Zhao/ }).focus();
  for (const other of others) assert.equal(await other.getByText("I have won the lottery").count(), 0, "held");
  await assistant.keyboard.press("a");
  for (const other of others) await other.locator(".chat-line", { hasText: "I have won the lottery" }).waitFor();
  await student.getByText("Your message is being checked.").waitFor({ state: "detached" });
}

async function quiz(teacher: Page, students: readonly Page[]): Promise<void> {
  await tab(teacher, "Quiz").click();
  const panel = teacher.getByRole("tabpanel", { name: "Quiz" });
  await panel.getByRole("button", { name: "Single choice" }).click();
  await panel.getByLabel("Question", { exact: true }).fill("Five tenths are?");
  await panel.getByLabel("Option A", { exact: true }).fill("0.2");
  await teacher.keyboard.press("Enter");
  await teacher.keyboard.type("0.5");
  await panel.getByLabel("Correct: B").check();
  await panel.getByRole("button", { name: "Start quiz" }).click();
  for (const student of students) {
    await student.getByRole("button", { name: "0.5" }).click();
    await student.getByText("Sent: 0.5.").waitFor();
  }
  await panel.getByText(new RegExp(`^${students.length} of `)).waitFor();
  await panel.getByRole("button", { name: "Close quiz" }).click();
  await panel.getByRole("button", { name: "Show answer to the class" }).click();
  for (const student of students) await student.locator(".result.right").waitFor();
}

async function handAndQuestion(teacher: Page, phone: Page, desktop: Page): Promise<void> {
  await phone.getByRole("button", { name: "Raise hand" }).click();
  const hands = teacher.getByRole("region", { name: "Hands" });
  await hands.getByRole("button", { name: /^Call on: / }).click();
  const stage = teacher.getByRole("region", { name: "On stage" });
  await stage.getByText("Called on…").waitFor();
  await phone.getByRole("alertdialog").getByRole("button", { name: "Not now" }).click();
  await stage.waitFor({ state: "detached" });
  await phone.getByRole("button", { name: "Raise hand" }).waitFor();
  await tab(desktop, "Questions").click();
  const panel = desktop.getByRole("tabpanel", { name: "Questions" });
  await panel.getByRole("textbox").fill("Is 2/4 a half?");
  await panel.getByRole("textbox").press("Enter");
  await tab(teacher, "Questions").click();
  const questions = teacher.getByRole("tabpanel", { name: "Questions" });
  await questions.getByRole("button", { name: "Answer in writing: Is 2/4 a half?" }).click();
  await teacher.keyboard.type("Yes, it is.");
  await teacher.keyboard.press("Enter");
  await panel.getByText("Yes, it is.").waitFor();
  await tab(desktop, "Chat").click();
}

async function announce(teacher: Page, students: readonly Page[]): Promise<void> {
  await tab(teacher, "Chat").click();
  const chat = teacher.getByRole("tabpanel", { name: "Chat" });
  await chat.getByLabel("To").selectOption({ label: "Everybody, as an announcement" });
  await chat.getByRole("textbox", { name: "Write an announcement" }).fill("The test is on Friday");
  await teacher.keyboard.press("Enter");
  for (const student of students) await student.getByText("The test is on Friday").first().waitFor();
}

/** At each time the page shows the lines that had been written by then. */
async function checkReplay(page: Page, server: Lectern, lesson: Body): Promise<void> {
  await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.some((one: Body) => one.whole);
  }, "the recording");
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.locator("lectern-replay").waitFor();
  await page.locator(".past-room").waitFor();
  const { items: recordings } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
  const start = Date.parse(recordings[0].startedAt);
  const { items } = await done(server, "GET", `/lessons/${lesson.id}/room/entries?kind=chat&limit=500`);
  const lines = items
    .map((entry: Body) => ({ text: entry.text as string, at: (entry.at - start) / 1000 }))
    .sort((a: Body, b: Body) => a.at - b.at) as { text: string; at: number }[];
  // What viewers saw when they wrote: the stream's clock and the server's differ by the same, but for the delay of the picture.
  const delays = items.flatMap(({ at, mediaTime }: Body) => (mediaTime === null ? [] : [at - mediaTime]));
  assert.ok(delays.length >= lines.length / 2, `${delays.length} of ${lines.length} lines have a media time`);
  assert.ok(Math.max(...delays) - Math.min(...delays) < 8000, `delays of the picture: ${delays}`);
  // Between two lines, where a second more or less is no matter.
  const times = lines.flatMap(({ at }, i) => {
    const next = lines[i + 1]?.at ?? at + 4;
    return next - at > 3 ? [(at + next) / 2] : [];
  });
  assert.ok(times.length > 0);
  for (let i = 0; i < SEEKS; i++) {
    // Forward and backward.
    const time = times[(i * 7) % times.length] ?? 0;
    await page.evaluate((to) => {
      const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
      player.pause();
      player.currentTime = to;
    }, time);
    const expected = lines.filter(({ at }) => at <= time).map(({ text }) => text);
    await until(
      async () => {
        const seen = await page.locator(".past-room .chat-text").allTextContents();
        // A long list shows its end.
        return seen.length > 0 && JSON.stringify(expected.slice(-seen.length)) === JSON.stringify(seen);
      },
      `the ${expected.length} lines of second ${time.toFixed(1)}`,
    );
  }
  // The last of these moments may be before the quiz was asked.
  await page.evaluate(
    (to) => Object.assign(document.querySelector("lectern-replay") ?? {}, { currentTime: to }),
    times.at(-1) ?? 0,
  );
  await tab(page, "Quiz").click();
  await page.getByText("Five tenths are?").waitFor();
}

test("six pages act out a lesson, and its replay shows everything when it happened", async (t) => {
  const school = await openSchool();
  const { server, tokenOf } = school;
  const [wang, liu] = [await tokenOf("wang", "teacher", "Wang Fang"), await tokenOf("liu", "assistant", "Liu Yang")];
  const { id: courseId } = await done(server, "POST", "/courses", { schoolId: school.id, name: "Maths" });
  const students = await Promise.all(["Li Mei", "Chen Jie", "Zhao Lei"].map((name, i) => tokenOf(`student${i}`, "student", name)));
  await done(server, "PUT", `/courses/${courseId}/members/${wang.id}`, { role: "teacher" });
  await done(server, "PUT", `/courses/${courseId}/members/${liu.id}`, { role: "assistant" });
  for (const { id } of students) await done(server, "PUT", `/courses/${courseId}/members/${id}`, { role: "student" });
  const lesson = await done(server, "POST", "/lessons", {
    schoolId: school.id,
    courseId,
    title: "Fractions",
    teacherId: wang.id,
    record: true,
  });
  const sending = push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const begun = performance.now();
  const [mei, jie, lei] = students as [Person, Person, Person];
  const path = `/j/${lesson.code}`;
  const phoneSize = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const teacher = await signedIn(t, school, wang, { viewport: { width: 1440, height: 900 } }, `/studio/${lesson.id}`);
  const assistant = await signedIn(
    t,
    school,
    liu,
    { viewport: { width: 1280, height: 800 }, locale: "zh-CN" },
    `/studio/${lesson.id}`,
  );
  const phone = await signedIn(t, school, mei, phoneSize, path);
  const tablet = await signedIn(t, school, jie, { viewport: { width: 820, height: 1180 }, hasTouch: true }, path);
  const desktop = await signedIn(t, school, lei, { viewport: { width: 1280, height: 800 } }, path);
  const guest = await openOwnPage(t, { viewport: { width: 1100, height: 800 } }, server.http);
  await guest.goto(server.http + path);
  await guest.getByLabel("Your name").fill("A visitor");
  await guest.getByRole("button", { name: "Join class" }).click();
  const watching = [phone, tablet, desktop, guest];
  for (const page of watching) await page.locator(".chat-write input").waitFor();
  // Without the teacher and the assistant.
  await teacher.getByText("4 here").waitFor();

  await signIn(teacher, watching);
  await say(phone, "Good morning 早上好");
  await say(tablet, "Hello everybody");
  await muteAndUnmute(teacher, tablet, "Hello everybody");
  await approveLine(assistant, desktop, [phone, guest]);
  await quiz(teacher, watching);
  for (const page of watching) await tab(page, "Chat").click();
  await handAndQuestion(teacher, phone, desktop);
  await announce(teacher, watching);
  const pages = { teacher, assistant, phone, tablet, desktop, guest };
  await picture(pages);
  for (const [name, page] of Object.entries(pages)) assert.deepEqual([name, await axeFaults(page)], [name, []]);
  await teacher.reload();
  await teacher.getByRole("log").getByText("Good morning 早上好", { exact: true }).waitFor();
  for (let line = 1; performance.now() - begun < LESSON_MS || line < 4; line++) {
    await wait(TALK_MS);
    await say([desktop, guest, phone][line % 3] ?? desktop, `Talk ${line}`);
  }
  await wait(4000);
  t.diagnostic(`the lesson took ${Math.round((performance.now() - begun) / 1000)} s`);
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  for (const page of watching) await page.getByText("The lesson has ended.").first().waitFor();
  await checkReplay(desktop, server, lesson);
  await picture({ replay: desktop });
});
