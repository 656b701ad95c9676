/**
 * A launch in Chromium, in a frame of a learning platform on another site, where this server's cookies do not work.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FrameLocator, Page } from "playwright-core";
import { makeCertificate } from "./certificate.ts";
import { openPage } from "./chromium.ts";
import { publishedExam, READY, shortPaper } from "./exam-paper.ts";
import { sharedLectern } from "./fixtures.ts";
import { freePort, startLectern, TOKEN, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { CLIENT_ID, DEPLOYMENT, type LtiUser, startLtiPlatform, type TestPlatform } from "./lti-platform.ts";

const CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
const TEACHER: LtiUser = { sub: "t1", role: "Instructor", name: "Wang Fang" };
const STUDENT: LtiUser = { sub: "s1", role: "Learner", name: "Li Lei" };
/** The storage that platforms have for tools (LTI Client Side postMessages): by the tool's origin. */
const STORAGE = `<script>
const stored = new Map();
addEventListener("message", ({ data, origin, source }) => {
  if (data?.subject !== "lti.put_data" && data?.subject !== "lti.get_data") return;
  const key = origin + " " + data.key;
  if (data.subject === "lti.put_data") stored.set(key, data.value);
  source.postMessage({ subject: data.subject + ".response", message_id: data.message_id, key: data.key, value: stored.get(key) }, origin);
});
</script>`;

type Course = { readonly platform: TestPlatform; readonly server: string; readonly schoolId: string };

const SIGN_ON = { "signOn.networks": '["127.0.0.0/8"]' };

/** A school of its own with a platform on another site: `localhost` is another one than 127.0.0.1. */
async function openCourse(t: TestContext): Promise<Course> {
  const { http } = await sharedLectern(SIGN_ON);
  return await openCourseAt(t, http, http);
}

/** The same over HTTPS. */
async function openSecureCourse(t: TestContext): Promise<Course> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-lti-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const port = await freePort();
  const tls = JSON.stringify({ ...makeCertificate(directory, "127.0.0.1"), port });
  const lectern = await startLectern(t, { ...SIGN_ON, "http.tls": tls });
  return await openCourseAt(t, lectern.http, `https://127.0.0.1:${port}`);
}

/** @param api where the test sets up the school. @param server where browsers go */
async function openCourseAt(t: TestContext, api: string, server: string): Promise<Course> {
  const platform = await startLtiPlatform(t, "localhost");
  const slug = `lti-${new URL(platform.issuer).port}`;
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const answer = await fetch(api + path, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()) as { id: string };
  };
  const { id: schoolId } = await post("/api/v1/schools", { slug, name: slug, timeZone: "UTC" });
  await post("/api/v1/lti/platforms", { schoolId, ...platform.registration });
  return { platform, server, schoolId };
}

/** The page of the platform's course, with a launch in a frame. @param storage whether the platform stores for tools */
function coursePage({ platform, server, schoolId }: Course, storage: boolean): string {
  const target = `${server}/lti/launch`;
  const fields = {
    iss: platform.issuer,
    login_hint: "7",
    target_link_uri: target,
    client_id: CLIENT_ID,
    lti_deployment_id: DEPLOYMENT,
  };
  const query = new URLSearchParams({ ...fields, ...(storage ? { lti_storage_target: "_parent" } : {}) });
  const frame = `<iframe title="lesson" width="900" height="600" allow="autoplay; fullscreen" src="${server}/lti/${schoolId}/login?${String(query).replaceAll("&", "&amp;")}"></iframe>`;
  return `<!doctype html><title>A course</title><link rel="icon" href="data:,">${storage ? STORAGE : ""}${frame}`;
}

/** Opens the course as a person, in a browser without cookies of other sites. */
async function openAs(
  t: TestContext,
  course: Course,
  user: LtiUser,
  { storage = true, more = {} } = {},
): Promise<{ page: Page; frame: FrameLocator }> {
  const { platform, server } = course;
  const page = await openPage(t, {
    ignoreHTTPSErrors: true,
    expected: /ERR_CONNECTION|frame-ancestors|status of 40[0-9]|status of 503|response code: 404|third-party cookie/i,
  });
  const browser = await page.context().newCDPSession(page);
  const control = {
    enableThirdPartyCookieRestriction: true,
    disableThirdPartyCookieMetadata: true,
    disableThirdPartyCookieHeuristics: true,
  };
  await browser.send("Network.setCookieControls" as never, control as never);
  platform.page = ({ pathname }) => (pathname === "/course" ? coursePage(course, storage) : null);
  platform.next = () => platform.claims(user, { [`${CLAIM}target_link_uri`]: `${server}/lti/launch`, ...more });
  for (const name of Object.keys(platform.responseFields)) delete platform.responseFields[name];
  if (storage) platform.responseFields["lti_storage_target"] = "_parent";
  await page.goto(`${platform.issuer}/course`);
  return { page, frame: page.frameLocator("iframe") };
}

test("in a frame without cookies, the platform's storage carries the launch: a teacher gets to the studio, a student into the class", async (t) => {
  const course = await openCourse(t);
  const { page, frame } = await openAs(t, course, TEACHER);
  await frame.getByRole("heading", { name: "Fractions" }).waitFor();
  assert.deepEqual(await page.context().cookies(course.server), [], "a frame gets no cookies");
  const [studio] = await Promise.all([page.waitForEvent("popup"), frame.getByRole("button", { name: "Open the studio" }).click()]);
  await studio.waitForURL(/\/studio\/\w{26}$/);
  await studio.getByRole("heading", { level: 1, name: "Fractions" }).waitFor();
  const student = await openAs(t, course, STUDENT);
  await student.frame.getByText("Joined as Li Lei").waitFor();
  assert.deepEqual(await student.page.context().cookies(course.server), []);
});

test("without storage and cookies, a button opens the lesson in a window of its own", async (t) => {
  const course = await openCourse(t);
  const teacher = await openAs(t, course, TEACHER, { storage: false });
  const open = async ({ page, frame }: { page: Page; frame: FrameLocator }) => {
    const [window] = await Promise.all([
      page.context().waitForEvent("page"),
      frame.getByRole("button", { name: "Open in a new window" }).click(),
    ]);
    return window;
  };
  const studio = await open(teacher);
  await studio.waitForURL(/\/studio\/\w{26}$/);
  await studio.getByRole("heading", { level: 1, name: "Fractions" }).waitFor();
  const lesson = await open(await openAs(t, course, STUDENT, { storage: false }));
  await lesson.waitForURL(/\/class\/\w{8}$/);
  await lesson.getByText("Joined as Li Lei").waitFor();
});

test("over HTTPS, a cookie of the platform's pages alone carries the launch in a frame, where the platform has no storage", async (t) => {
  const course = await openSecureCourse(t);
  const { page, frame } = await openAs(t, course, TEACHER, { storage: false });
  await frame.getByRole("heading", { name: "Fractions" }).waitFor();
  const cookies = await page.context().cookies(course.server);
  assert.deepEqual(
    cookies.filter(({ partitionKey }) => partitionKey === undefined),
    [],
    "no cookie counts in pages of other sites",
  );
  const student = await openAs(t, course, STUDENT, { storage: false });
  await student.frame.getByText("Joined as Li Lei").waitFor();
});

test("in a frame, a teacher chooses a lesson, and the signed answer reaches the platform", async (t) => {
  const course = await openCourse(t);
  const settings = { deep_link_return_url: `${course.platform.issuer}/deep-links`, accept_types: ["ltiResourceLink"] };
  const more = {
    [`${CLAIM}message_type`]: "LtiDeepLinkingRequest",
    "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": settings,
  };
  const { frame } = await openAs(t, course, TEACHER, { more });
  await frame.getByLabel("Title").fill("Equations");
  await frame.getByRole("button", { name: "Create and add" }).click();
  await frame.getByRole("heading", { name: "The link was added" }).waitFor();
  const [, payload = ""] = course.platform.deepLinks[0]?.split(".") ?? [];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  assert.equal(claims["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"][0].title, "Equations");
  const again = await openAs(t, course, TEACHER, { more });
  await again.frame.getByRole("button", { name: "Add: Equations" }).click();
  await until(() => course.platform.deepLinks.length === 2, "the second answer");
});

test("in a frame, a button opens the examination of a link in a window of its own, as the person of the launch", async (t) => {
  const course = await openCourse(t);
  const teacher = await openAs(t, course, TEACHER);
  await teacher.frame.getByRole("heading", { name: "Fractions" }).waitFor();
  const call = (method: string, path: string, body?: unknown) => done({ http: course.server }, method, path, body);
  const { schoolId } = course;
  const [{ id: courseId }] = (await call("GET", `/courses?schoolId=${schoolId}`)).items;
  const owner = { schoolId, courseId };
  const exam = await publishedExam(call, shortPaper("Algebra", [READY]), { owner, settings: { seconds: 600 } });
  const link = { [`${CLAIM}resource_link`]: { id: "exam", title: "Algebra" }, [`${CLAIM}custom`]: { examination: exam.id } };
  const { page, frame } = await openAs(t, course, STUDENT, { more: link });
  const [window] = await Promise.all([
    page.context().waitForEvent("page"),
    frame.getByRole("button", { name: "Open the examination" }).click(),
  ]);
  await window.waitForURL(`${course.server}/exam/${exam.code}`);
  await window.getByText("You enter as Li Lei.").waitFor();
});

test("only pages of the registered platform frame a launch, and none frames the other pages", async (t) => {
  const course = await openCourse(t);
  const stranger = await startLtiPlatform(t, "localhost");
  stranger.page = () => coursePage(course, true);
  const page = await openPage(t, { expected: /frame-ancestors|Content Security Policy/ });
  const blocked = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`${stranger.issuer}/course`);
  await blocked;
  assert.equal(stranger.asked.get("/auth"), undefined);
  assert.equal(course.platform.asked.get("/auth"), undefined, "the page did not run");
  const ancestors = async (path: string, init?: RequestInit) => {
    const answer = await fetch(course.server + path, init);
    return /frame-ancestors ([^;]*)/.exec(answer.headers.get("content-security-policy") ?? "")?.[1];
  };
  const query = new URLSearchParams({ iss: course.platform.issuer, client_id: CLIENT_ID });
  assert.equal(await ancestors(`/lti/${course.schoolId}/login?${query}`), `'self' ${course.platform.issuer}`);
  assert.equal(
    await ancestors(`/lti/${course.schoolId}/login`, { method: "POST", body: query }),
    `'self' ${course.platform.issuer}`,
  );
  for (const path of [
    "/lti/launch",
    "/lti/window",
    `/lti/${course.schoolId}/login?iss=x`,
    "/class/ABCDEFGH",
    "/studio/x",
    "/console",
  ])
    assert.equal(await ancestors(path), "'self'", path);
  const forged = await fetch(`${course.server}/lti/launch`, {
    method: "POST",
    body: new URLSearchParams({ state: `"><script>%NONCE%`, id_token: "x" }),
  });
  const html = await forged.text();
  assert.ok(!html.includes("<script>%") && !html.includes('"><script'), "fields of a stranger stay text");
});
