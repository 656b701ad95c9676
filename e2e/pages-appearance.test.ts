/**
 * Renders every page at every width, light and dark, in both languages: nothing overflows, the console has no errors, and axe finds no
 * serious fault. With SCREENSHOTS=FOLDER, each page is saved there as an image.
 * Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ConsoleMessage, Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { sharedBrowser } from "./fixtures.ts";
import { HANG_MS, type Lectern, startLectern, until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { overflowing } from "./page-faults.ts";
import { addPolicies } from "./sample-policies.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { beaconViewer } from "./view-beacons.ts";

const PICTURES = process.env["SCREENSHOTS"];

/** Who looks at a page. */
type Who = "nobody" | "guest" | "head" | "teacher" | "operator";

const WIDTHS = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
type Look = { readonly locale: "en-US" | "zh-CN"; readonly colorScheme: "light" | "dark" };

/** When pictures are wanted or the file is named, each page is seen in all looks; else in one of two, which differ in everything. */
const seesAll = PICTURES !== undefined || runsRare;
const LOOKS: readonly Look[] = (["en-US", "zh-CN"] as const).flatMap((locale) =>
  (["dark", "light"] as const)
    .filter((colorScheme) => seesAll || (colorScheme === "dark") === (locale === "en-US"))
    .map((colorScheme) => ({ locale, colorScheme })),
);

/** A rule counts a viewer in the page of somebody else. */
async function watchFromElsewhere(server: Lectern, code: string): Promise<void> {
  const { play } = await done(server, "POST", `/lessons/${code}/join`, { name: "Li Lei" });
  const leave = new AbortController();
  const headers = { referer: "https://copycat.example/a/rather/long/address/that/has/to/be/broken?of=the-page" };
  const response = await fetch(new URL(play.flv, server.http), { headers, signal: leave.signal });
  assert.equal(response.status, 200);
  leave.abort();
  await until(async () => (await done(server, "GET", "/policies/refused-requests")).items.length > 0, "a counted request");
}

/** A viewer whose picture stands still, and who reports it. Gives the session's id. */
async function complainingViewer(server: Lectern, lessonId: string, code: string): Promise<string> {
  const { view, tell } = await beaconViewer(server, code, "Anna Schmidt-Hohenstein 安娜", {
    device: { class: "phone", os: "Android" },
  });
  await tell();
  await tell({ watchedMs: 4000, bsd: 6000, stalls: 2, bl: 0, mtp: 300, frames: 100, end: "left" });
  await done(server, "POST", `/lessons/${lessonId}/trouble`, { view, state: "live" });
  await until(async () => (await ask(server, "GET", `/views/${view}`)).status === 200, "the session");
  return view;
}

// A busy machine needs minutes for all of them; each wait has its own limit.
test("every page fits every width, light and dark, in both languages", { timeout: 840_000 }, async (t) => {
  // A person does not open pages so quickly.
  const limits = { "limits.perPerson": '{"requestsPerSecond": 500, "burst": 5000}' };
  const server = await startLectern(t, { "recording.maxSegmentSeconds": "2", ...limits });
  const { items } = await done(server, "GET", "/schools");
  const schoolId = items[0].id;
  const teacher = await done(server, "POST", "/users", {
    schoolId,
    login: "wang",
    name: "王芳",
    role: "teacher",
    password: "a good password",
  });
  await done(server, "POST", "/users", {
    schoolId,
    login: "head",
    name: "The head",
    role: "administrator",
    password: "a good password",
  });
  await done(server, "POST", "/users", { login: "root", name: "The operator", role: "operator", password: "a good password" });
  const soon = new Date(Date.now() + 1_800_000).toISOString();
  const later = await done(server, "POST", "/lessons", { title: "Decimals 小数", teacherId: teacher.id, startsAt: soon });
  const live = await done(server, "POST", "/lessons", { title: "Fractions", teacherId: teacher.id, record: true });
  const binned = await done(server, "POST", "/lessons", { title: "A mistake" });
  await done(server, "DELETE", `/lessons/${binned.id}`);
  await done(server, "POST", "/lessons", { title: "Late", startsAt: new Date(Date.now() - 1_800_000).toISOString() });
  await done(server, "POST", "/api-keys", { schoolId, name: "Timetable program", scopes: ["lessons:write"] });
  const over = await done(server, "POST", "/lessons", { title: "Angles", teacherId: teacher.id });
  const course = await done(server, "POST", "/courses", { name: "Mathematics 7b" });
  const student = await done(server, "POST", "/users", { schoolId, login: "li", name: "李梅", role: "student" });
  const reset = await done(server, "POST", `/users/${student.id}/password-reset`);
  await done(server, "POST", `/courses/${course.id}/members`, { people: ["li", "wang"] });
  await done(server, "POST", "/webhooks", {
    schoolId,
    url: "https://school.example/hooks/a-rather-long-address-that-has-to-be-broken",
  });
  await done(server, "PUT", `/lessons/${live.id}/invited/${teacher.id}`);
  await done(server, "POST", "/sources", {
    schoolId,
    title: "City television 城市电视台",
    name: "city-television",
    start: "always",
    addresses: ["rtsp://admin:a-password@127.0.0.1:9/a/rather/long/path/that/has/to/be/broken", "https://127.0.0.1:9/live.m3u8"],
  });
  await done(server, "POST", `/lessons/${live.id}/forwards`, { title: "Video platform", url: "rtmp://127.0.0.1:9/live/a-key" });
  await done(server, "POST", "/ladders", {
    schoolId,
    name: "Slow lines in the mountains",
    rungs: [
      { name: "sd", height: 480, videoKbps: 700 },
      { name: "audio", height: null, audioKbps: 48 },
    ],
  });
  const listUrl = "https://127.0.0.1:9/a/rather/long/path/that/has/to/be/broken.txt?token=a-token";
  await addPolicies(server, { schoolId, lessonId: live.id, listUrl });
  await done(server, "POST", "/protection/exemptions", { network: "2001:db8:1234:5678::/64", note: "The campus, and 监控系统" });
  push(t, live.stream.rtmpUrl, "calm");
  await server.stream(live.stream.name, (stream) => stream.video !== null);
  await until(async () => (await done(server, "GET", "/recordings")).items.length > 0, "a recording");
  await until(async () => (await done(server, "GET", `/schools/${schoolId}/space`)).bytes > 0, "its size");
  await done(server, "PATCH", `/schools/${schoolId}`, { quotaBytes: 1 });
  await until(async () => (await done(server, "GET", "/alarms")).items.length > 0, "an alarm");
  const token = async (login: string) =>
    (await ask(server, "POST", "/sessions", { login, password: "a good password" }, null)).body.token as string;
  const [head, teaching, operator] = [await token("head"), await token("wang"), await token("root")];
  const guest = (await done(server, "POST", `/lessons/${live.code}/join`, { name: "Li Mei 李梅" })).token as string;
  const gone = (await done(server, "POST", `/lessons/${over.code}/join`, { name: "Li Mei" })).token as string;
  await done(server, "POST", `/lessons/${over.id}/end`);
  await watchFromElsewhere(server, live.code);
  const view = await complainingViewer(server, live.id, live.code);

  /** Who looks, the address, and what shows that the page is there. */
  const pages: readonly (readonly [name: string, path: string, who: Who, ready: string])[] = [
    ["start", "/", "nobody", "form"],
    ["class-entry", `/j/${later.code}`, "nobody", "form"],
    ["class-live", `/j/${live.code}`, "guest", "lectern-player"],
    ["class-ended", `/j/${over.code}`, "guest", ".lesson-header"],
    ["class-recordings-awaited", `/j/${over.code}`, "guest", ".stage-message"],
    ["class-unknown", "/j/AAAABBBB", "nobody", '[role="alert"]'],
    ["sign-in", "/console", "nobody", "form"],
    ["console-home", "/console", "head", "img.still"],
    ["console-timetable", "/console/timetable", "head", ".week-lesson, .month-lesson"],
    ["console-lessons", "/console/lessons", "head", "tbody tr"],
    ["console-invited", `/console/lessons/${live.id}/invited`, "head", ".invited li"],
    ["console-forwards", `/console/lessons/${live.id}/forwards`, "head", ".forwards li .job-word.bad"],
    ["console-experience", `/console/lessons/${live.id}/experience`, "head", "tbody .complaint"],
    ["console-experience-teacher", `/console/lessons/${live.id}/experience`, "teacher", "tbody .complaint"],
    ["console-why", `/console/why/${view}`, "head", ".why-moment"],
    ["console-lesson-why", `/console/lessons/${live.id}/why`, "teacher", ".why-moment"],
    ["console-sources", "/console/sources", "head", "tbody .job-word.bad"],
    ["console-ladders", "/console/ladders", "head", "tbody tr"],
    ["console-policies", "/console/access", "head", "tbody tr"],
    ["console-policy", `/console/access/policy?level=lesson&id=${live.id}`, "head", ".rule.replaced"],
    ["console-address-lists", "/console/access/lists", "head", "tbody .error"],
    ["console-link-keys", "/console/access/keys", "head", "tbody tr"],
    ["console-explain", "/console/access/explain", "head", "form"],
    ["console-refusals", "/console/access/refusals", "head", "tbody tr"],
    ["console-protection", "/console/protection", "operator", ".protection-quiet, .protection-wide"],
    ["console-exemptions", "/console/protection/exemptions", "operator", "tbody tr"],
    ["console-degradation", "/console/protection/degradation", "operator", ".list-page"],
    ["console-jobs", "/console/jobs", "operator", "tbody .job-word.bad"],
    ["console-account", "/console/account", "head", "tbody tr"],
    ["console-account-teacher", "/console/account", "teacher", "tbody tr"],
    ["console-bin", "/console/lessons?state=deleted", "head", "tbody tr"],
    ["console-courses", "/console/courses", "head", "tbody tr"],
    ["console-course-people", `/console/courses/${course.id}`, "head", "tbody tr"],
    ["console-course-results", `/console/courses/${course.id}/results`, "head", "tbody tr"],
    ["console-recordings", "/console/recordings", "head", "tbody tr"],
    ["console-streams", "/console/streams", "head", "tbody tr"],
    ["console-alarms", "/console/alarms", "head", "tbody tr"],
    ["console-keys", "/console/keys", "head", "tbody tr"],
    ["console-teacher", "/console", "teacher", ".my-lessons li"],
    ["console-analytics", "/console/analytics", "head", ".figure-tiles"],
    ["console-lesson-analytics", `/console/lessons/${over.id}/analytics`, "head", ".figure-tiles"],
    ["console-people", "/console/people", "head", "tbody tr"],
    ["console-webhooks", "/console/webhooks", "head", "tbody tr"],
    ["console-audit", "/console/audit", "head", "tbody tr"],
    ["console-settings", "/console/settings", "head", "textarea"],
    ["console-terms", "/console/settings/calendar", "head", "h1"],
    ["console-appearance", "/console/settings/appearance", "head", ".preview"],
    ["console-nodes", "/console/nodes", "operator", "section strong"],
    ["studio", `/studio/${live.id}`, "teacher", ".studio-dock .dock-button"],
    ["reset", new URL(reset.url).pathname, "nobody", "form"],
    ["lost", "/nowhere", "nobody", "a.button"],
    ["offline", "/offline", "nobody", "button"],
    ["embed", "/embed/nothing", "nobody", "lectern-player"],
  ];
  const cookies = { head, teacher: teaching, operator };
  const seats = { [`lectern.guest.${live.code}`]: guest, [`lectern.guest.${over.code}`]: gone };
  const browser = await sharedBrowser();
  const wrong: string[] = [];

  /** A window of somebody, in which one page after the other is opened. */
  const openWindow = async (look: Look, who: Who): Promise<Page> => {
    const context = await browser.newContext({ ...look, viewport: WIDTHS[0] });
    context.setDefaultTimeout(HANG_MS);
    if (who in cookies) await signInBrowser(context, server.http, cookies[who as keyof typeof cookies]);
    await context.addInitScript(
      (kept) => {
        localStorage.clear();
        for (const [code, token] of kept) sessionStorage.setItem(code, token);
      },
      Object.entries(who === "guest" ? seats : {}),
    );
    return await context.newPage();
  };

  const see = async (page: Page, look: Look, [name, path, , ready]: (typeof pages)[number]): Promise<void> => {
    const where = `${name} ${look.colorScheme} ${look.locale}`;
    const faults: string[] = [];
    const hear = (message: ConsoleMessage): void => {
      const expected = /status of 40[0-9]|status of 503|ERR_CONNECTION/.test(message.text());
      if ((message.type() === "error" || message.type() === "warning") && !expected) faults.push(message.text());
    };
    const fail = (error: Error): void => void faults.push(String(error));
    page.on("console", hear).on("pageerror", fail);
    // The offline page leaves as soon as the server answers.
    if (name === "offline") await page.route("**/healthz", (route) => route.abort("connectionrefused"));
    if (name === "class-recordings-awaited") await page.route("**/recordings*", () => {});
    await page.goto(server.http + path);
    await page
      .locator(ready)
      .first()
      .waitFor()
      .catch(() => faults.push(`no ${ready}`));
    for (const viewport of WIDTHS) {
      await page.setViewportSize(viewport);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      for (const element of await overflowing(page)) faults.push(`${viewport.width} px: ${element}`);
      // What axe looks at does not change with every width and language.
      if (
        seesAll
          ? look.locale === "en-US" && viewport.width % 920 === 360
          : viewport.width === (look.locale === "en-US" ? 360 : 1280)
      )
        for (const fault of await axeFaults(page)) faults.push(`${viewport.width} px: ${fault}`);
      if (PICTURES) {
        await until(() => page.evaluate(() => document.fonts.status === "loaded"), "letters");
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: join(PICTURES, `${name}-${viewport.width}-${look.colorScheme}-${look.locale}.png`) });
      }
    }
    await page.setViewportSize(WIDTHS[0]);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    page.off("console", hear).off("pageerror", fail);
    wrong.push(...faults.map((fault) => `${where}: ${fault}`));
  };

  for (const [at, look] of LOOKS.entries())
    for (const who of ["nobody", "guest", "head", "teacher", "operator"] as const) {
      const seen = pages.filter((page, i) => page[2] === who && (seesAll || i % LOOKS.length === at));
      const window = await openWindow(look, who);
      for (const page of seen) await see(window, look, page);
      await window.context().close();
    }
  assert.deepEqual(wrong, []);
});
