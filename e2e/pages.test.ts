/** The pages in Chromium, as a new user sees them: from the first start to the end of a lesson. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { long } from "./long-tests.ts";

/** Where pictures of the pages go, for those who want to look at them. */
const PICTURES = process.env["SCREENSHOTS"];

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

const time = (page: Page) =>
  page.evaluate(() => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.currentTime ?? 0);

async function moves(page: Page, what: string): Promise<void> {
  await until(async () => (await time(page)) > 0.5, what);
  const before = await time(page);
  await until(async () => (await time(page)) > before + 1, `${what} that moves`);
}

test("from the first start to a lesson that was held: administrator, teacher, two students", async (t) => {
  const server = await startLectern(t);
  const password = /^password: (\S+)$/m.exec(server.said())?.[1] ?? "";

  const admin = await openOwnPage(t, { viewport: { width: 1280, height: 800 }, timezoneId: "Asia/Shanghai" }, server.http);
  await admin.goto(`${server.http}/console`);
  await admin.getByLabel("Username").fill("admin");
  await admin.getByLabel("Password").fill("wrong");
  await admin.getByLabel("Show characters").check();
  assert.equal(await admin.getByLabel("Password").getAttribute("type"), "text");
  await admin.getByLabel("Show characters").uncheck();
  assert.equal(await admin.getByLabel("Password").getAttribute("type"), "password");
  await admin.getByRole("button", { name: "Sign in", exact: true }).click();
  await admin.getByRole("alert").getByText("The name or the password is incorrect.").waitFor();
  await admin.getByLabel("Password").fill(password);
  await admin.getByRole("button", { name: "Sign in", exact: true }).click();
  await admin.getByText("Three questions to your first lesson").waitFor();
  await picture(admin, "console-first-run");
  await admin.getByLabel("What is your school called?").fill("No. 7 School");
  await admin.getByLabel("Who teaches the first lesson?").fill("Wang Fang");
  await admin.getByLabel("What is the lesson called?").fill("Fractions");
  await admin.getByRole("button", { name: "Create" }).click();
  // The school's clock is the one of who sets it up, not of the server's machine.
  await admin.getByText("signs in for the first time with this link").waitFor();
  assert.equal((await done(server, "GET", "/schools")).items[0].timeZone, "Asia/Shanghai");
  const first = (await admin.locator(".secret-line code").textContent()) ?? "";
  const studio = (await admin.getByRole("link", { name: "Open studio" }).getAttribute("href")) ?? "";

  const teacher = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await teacher.goto(first);
  await teacher.getByRole("heading", { name: "Welcome, Wang Fang" }).waitFor();
  await teacher.getByLabel("New password").fill("kettle orange window");
  await teacher.getByRole("button", { name: "Save and sign in" }).click();
  await teacher.getByText("Your password is set, and you are signed in.").waitFor();
  await teacher.goto(server.http + studio);
  await teacher.getByRole("heading", { level: 1, name: "Fractions" }).waitFor();
  await picture(teacher, "studio-before");
  await teacher.getByRole("switch", { name: "I use OBS" }).click();
  const address = (await teacher.locator("code", { hasText: "rtmp://" }).last().textContent()) ?? "";
  await teacher.getByRole("button", { name: "Invite", exact: true }).click();
  const link = (await teacher.locator("code", { hasText: "/j/" }).textContent()) ?? "";
  const code = (await teacher.locator("code", { hasText: /^\w{4}-\w{4}$/ }).textContent()) ?? "";
  await teacher.keyboard.press("Escape");

  // A student is early, on a phone.
  const phone = await openOwnPage(t, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }, server.http);
  await phone.goto(link);
  await phone.getByLabel("Your name").fill("Li Mei");
  await picture(phone, "class-entry-phone");
  await phone.getByRole("button", { name: "Join class" }).click();
  await phone.getByText("Joined as Li Mei").waitFor();
  await phone.getByRole("button", { name: "Test sound" }).click();
  await phone.getByText("You should have heard three notes.").waitFor();
  assert.equal(await phone.locator(".large-screen").count(), 0);

  push(t, address.replace("localhost", "127.0.0.1"), "calm");
  await moves(phone, "the phone's picture");
  await phone.getByText("Live now").waitFor();
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `the class is ${width} px wide on a phone`);
  await picture(phone, "class-live-phone");

  // Another comes by the code, on a computer, in Chinese.
  const computer = await openOwnPage(t, { viewport: { width: 1280, height: 800 }, locale: "zh-CN" }, server.http);
  await computer.goto(server.http);
  await computer.getByLabel("课程码").fill(` ${code.toLowerCase()} `.trim());
  await computer.getByRole("button", { name: "进入" }).click();
  await computer.getByLabel("你的名字").fill("陈杰");
  await computer.getByRole("button", { name: "进入课堂" }).click();
  await moves(computer, "the computer's picture");
  await picture(computer, "class-live-desktop-zh");
  await computer.getByRole("button", { name: "反馈问题" }).click();
  await computer.getByRole("button", { name: "发送反馈" }).click();
  const trace = /编号 (\w{8})/.exec((await computer.getByText("反馈已发送").textContent()) ?? "")?.[1] ?? "none";
  await until(() => server.said().includes(`"trace":"${trace}"`), "the report in the log");

  await moves(teacher, "the teacher's own picture");
  await teacher.getByText("Good", { exact: true }).waitFor();
  await teacher.getByRole("tab", { name: "People" }).click();
  await teacher.getByRole("listitem").filter({ hasText: "陈杰" }).waitFor();
  await picture(teacher, "studio-live");
  await admin.goto(`${server.http}/console`);
  await until(
    async () => await admin.locator("img.still").evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
    "a still on the wall",
  );
  await picture(admin, "console-home");

  // One is taken out, and the lesson ends for the other.
  await teacher.getByRole("button", { name: "Actions: 陈杰" }).click();
  await teacher.getByRole("menuitem", { name: "Remove from lesson" }).click();
  await computer.getByText("无法", { exact: false }).or(computer.getByText("老师")).first().waitFor();
  await teacher.getByRole("button", { name: "End lesson" }).click();
  await teacher.getByRole("button", { name: "End for everyone" }).click();
  await phone.getByText("The lesson has ended.").first().waitFor();
  await picture(phone, "class-ended-phone");
  const { items } = await done(server, "GET", "/lessons?state=ended");
  assert.deepEqual(
    items.map((lesson: { title: string; endedBy: string }) => [lesson.title, lesson.endedBy]),
    [["Fractions", "hand"]],
  );
  await admin.goto(`${server.http}/console/lessons?state=ended`);
  await admin.getByRole("link", { name: "Fractions" }).waitFor();
  await picture(admin, "console-lessons");
});

test("an address with nothing behind it is a page for people and an answer for programs", async (t) => {
  const server = await sharedLectern();
  const page = await openOwnPage(t, {}, server.http);
  const answer = await page.goto(`${server.http}/nowhere`);
  assert.equal(answer?.status(), 404);
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
  const program = await fetch(`${server.http}/nowhere`);
  assert.deepEqual([program.status, ((await program.json()) as { code: string }).code], [404, "not-found"]);
  const chinese = await fetch(`${server.http}/api/v1/me`, { headers: { "accept-language": "zh-CN,zh;q=0.9" } });
  assert.equal(((await chinese.json()) as { detail: string }).detail, "需要先登录，或提供密钥。");
  assert.equal(chinese.headers.get("content-language"), "zh");
  await page.goto(`${server.http}/j/AAAABBBB`);
  await page.getByRole("alert").getByText("There is no lesson with this code").waitFor();
});

test("no page may take styles, scripts or pictures that are not its own", async () => {
  const server = await sharedLectern();
  for (const path of ["/", "/console", "/studio/x", "/j/x", "/class/x", "/reset/x", "/embed/x", "/nowhere", "/api/docs"]) {
    const response = await fetch(server.http + path, { headers: { accept: "text/html" } });
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*(?!$)/, path);
    const [, nonce] = /'nonce-([\w-]+)'/.exec(policy) ?? [];
    assert.ok(nonce, path);
    assert.ok(!(await response.text()).includes("%NONCE%"), path);
  }
});

test("the studio and the class may ask for camera, microphone and screen, and no page for anything else", async () => {
  const server = await sharedLectern();
  for (const path of [
    "/",
    "/console",
    "/studio/x",
    "/j/x",
    "/class/x",
    "/reset/x",
    "/embed/x",
    "/nowhere",
    "/lti/window",
    "/supervision/x",
  ]) {
    const response = await fetch(server.http + path, { headers: { accept: "text/html" } });
    const policy = response.headers.get("permissions-policy") ?? "";
    const allowed = [...policy.matchAll(/([\w-]+)=\(self\)/g)].map(([, name]) => name);
    const isOfPublisher = ["studio", "class", "j", "lti"].includes(path.split("/")[1] ?? "");
    // Who supervises talks with candidates, and shows nothing of the own room.
    const others = path.startsWith("/supervision") ? ["microphone"] : [];
    assert.deepEqual(allowed, isOfPublisher ? ["camera", "microphone", "display-capture"] : others, path);
    assert.match(policy, /geolocation=\(\)/, path);
    assert.doesNotMatch(policy, /\*/, path);
  }
});

for (const [how, forward] of [
  ["keyboard", "Tab"],
  ["a television's arrows", "ArrowDown"],
] as const)
  (how === "keyboard" ? test : long)(`a whole visit by ${how}: joining, the connection, and back`, async (t: TestContext) => {
    const server = await sharedLectern();
    const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
    push(t, lesson.stream.rtmpUrl, "calm");
    await server.stream(lesson.stream.name, (stream) => stream.video !== null);
    const page = await openOwnPage(t, { viewport: { width: 1920, height: 1080 } }, server.http);
    await page.goto(`${server.http}/j/${lesson.code}`);
    await page.getByLabel("Your name").waitFor();
    const focused = () =>
      page.evaluate(() => {
        let active = document.activeElement;
        // After joining, the focus is on the page's main part, whose text is that of everything.
        if (active === document.body || active?.localName === "main") return "";
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        return active?.getAttribute("aria-label") ?? active?.textContent ?? active?.id ?? "";
      });
    const tabTo = async (wanted: RegExp | string) => {
      for (let i = 0; i < 20; i++) {
        const name = await focused();
        const id = await page.evaluate(() => document.activeElement?.id ?? "");
        if (typeof wanted === "string" ? id === wanted : wanted.test(name)) return;
        // A player that has the focus takes up and down for its sound.
        const isPlayer = await page.evaluate(() => document.activeElement?.localName === "lectern-player");
        await page.keyboard.press(isPlayer && forward === "ArrowDown" ? "ArrowRight" : forward);
      }
      assert.fail(`${wanted} cannot be reached by keyboard`);
    };
    await tabTo("name");
    await page.keyboard.type("Li Mei");
    await page.keyboard.press("Enter");
    await moves(page, "the picture");
    await page.getByRole("img", { name: "Join on your phone" }).waitFor();
    assert.match((await page.locator(".lesson-clock").textContent()) ?? "", /^\d+:\d\d$/);
    await picture(page, "class-tv");
    await tabTo(/Report a problem/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your connection" }).waitFor();
    await tabTo(/Close/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your connection" }).waitFor({ state: "detached" });
  });

test("without a connection a page says so, and comes by itself when there is one", async (t) => {
  const server = await sharedLectern();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
  const page = await openOwnPage(t, { expected: /ERR_INTERNET_DISCONNECTED|ERR_FAILED/ }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole("heading", { name: "No connection" }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/j/${lesson.code}`);
  await until(async () => (await page.title()) === "No connection", "the page's own program");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "No connection" }).waitFor();
  await page.context().setOffline(false);
  await page.getByLabel("Your name").waitFor();
});
