/**
 * Renders every page at every width, light and dark, in both languages: nothing overflows, the console has no errors, and axe finds no
 * serious fault. With SCREENSHOTS=FOLDER, each page is saved there as an image.
 * Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { axeFaults } from "./axe-faults.ts";
import { launchBrowser } from "./browser.ts";
import { HANG_MS, type Lectern, startLectern, until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { overflowing } from "./page-faults.ts";
import { addPolicies } from "./sample-policies.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { beaconViewer } from "./view-beacons.ts";

const PICTURES = process.env["SCREENSHOTS"];
const WIDTHS = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
type Look = {
  readonly locale: "en-US" | "zh-CN";
  readonly colorScheme: "light" | "dark";
  readonly viewport: (typeof WIDTHS)[number];
};

/** When pictures are wanted or the file is named, each page is seen in all looks; else in one of two, which differ in everything. */
const seesAll = PICTURES !== undefined || runsRare;
const LOOKS: readonly Look[] = (["en-US", "zh-CN"] as const).flatMap((locale) =>
  (["light", "dark"] as const).flatMap((colorScheme) =>
    WIDTHS.filter(
      ({ width }) =>
        seesAll || (locale === "en-US" ? width === 360 && colorScheme === "dark" : width === 1280 && colorScheme === "light"),
    ).map((viewport) => ({ locale, colorScheme, viewport })),
  ),
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
  await done(server, "POST", "/courses", { name: "Mathematics 7b" });
  await done(server, "POST", "/webhooks", {
    schoolId,
    url: "https://school.example/hooks/a-rather-long-address-that-has-to-be-broken",
  });
  await done(server, "PUT", `/lessons/${live.id}/invited/${teacher.id}`);
  await done(server, "POST", "/sources", {
    ...{ schoolId, title: "City television 城市电视台", name: "city-television", start: "always" },
    addresses: ["rtsp://admin:a-password@127.0.0.1:9/a/rather/long/path/that/has/to/be/broken", "https://127.0.0.1:9/live.m3u8"],
  });
  await done(server, "POST", `/lessons/${live.id}/forwards`, { title: "Video platform", url: "rtmp://127.0.0.1:9/live/a-key" });
  await done(server, "POST", "/ladders", {
    ...{ schoolId, name: "Slow lines in the mountains" },
    rungs: [
      { name: "sd", height: 480, videoKbps: 700 },
      { name: "audio", height: null, audioKbps: 48 },
    ],
  });
  const listUrl = "https://127.0.0.1:9/a/rather/long/path/that/has/to/be/broken.txt?token=a-token";
  await addPolicies(server, { schoolId, lessonId: live.id, listUrl });
  await done(server, "POST", "/protection/exemptions", { network: "2001:db8:1234:5678::/64", note: "The campus, and 监控系统" });
  push(t, live.stream.rtmpUrl);
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

  /** Address, who is signed in, and what shows that the page is there. */
  const pages: readonly (readonly [name: string, path: string, storage: Record<string, string>, ready: string])[] = [
    ["start", "/", {}, "form"],
    ["class-entry", `/j/${later.code}`, {}, "form"],
    ["class-live", `/j/${live.code}`, { [`session:lectern.guest.${live.code}`]: guest }, "lectern-player"],
    ["class-ended", `/j/${over.code}`, { [`session:lectern.guest.${over.code}`]: gone }, ".lesson-header"],
    ["class-recordings-awaited", `/j/${over.code}`, { [`session:lectern.guest.${over.code}`]: gone }, ".stage-message"],
    ["class-unknown", "/j/AAAABBBB", {}, '[role="alert"]'],
    ["sign-in", "/console", {}, "form"],
    ["console-home", "/console", { cookie: head }, "img.still"],
    ["console-timetable", "/console/timetable", { cookie: head }, ".week-lesson, .month-lesson"],
    ["console-lessons", "/console/lessons", { cookie: head }, "tbody tr"],
    ["console-invited", `/console/lessons/${live.id}/invited`, { cookie: head }, ".invited li"],
    ["console-forwards", `/console/lessons/${live.id}/forwards`, { cookie: head }, ".forwards li .job-word.bad"],
    ["console-experience", `/console/lessons/${live.id}/experience`, { cookie: head }, "tbody .complaint"],
    ["console-experience-teacher", `/console/lessons/${live.id}/experience`, { cookie: teaching }, "tbody .complaint"],
    ["console-why", `/console/why/${view}`, { cookie: head }, ".why-moment"],
    ["console-lesson-why", `/console/lessons/${live.id}/why`, { cookie: teaching }, ".why-moment"],
    ["console-sources", "/console/sources", { cookie: head }, "tbody .job-word.bad"],
    ["console-ladders", "/console/ladders", { cookie: head }, "tbody tr"],
    ["console-policies", "/console/access", { cookie: head }, "tbody tr"],
    ["console-policy", `/console/access/policy?level=lesson&id=${live.id}`, { cookie: head }, ".rule.replaced"],
    ["console-address-lists", "/console/access/lists", { cookie: head }, "tbody .error"],
    ["console-link-keys", "/console/access/keys", { cookie: head }, "tbody tr"],
    ["console-explain", "/console/access/explain", { cookie: head }, "form"],
    ["console-refusals", "/console/access/refusals", { cookie: head }, "tbody tr"],
    ["console-protection", "/console/protection", { cookie: operator }, ".protection-quiet, .protection-wide"],
    ["console-exemptions", "/console/protection/exemptions", { cookie: operator }, "tbody tr"],
    ["console-jobs", "/console/jobs", { cookie: operator }, "tbody .job-word.bad"],
    ["console-account", "/console/account", { cookie: head }, "tbody tr"],
    ["console-account-teacher", "/console/account", { cookie: teaching }, "tbody tr"],
    ["console-bin", "/console/lessons?state=deleted", { cookie: head }, "tbody tr"],
    ["console-courses", "/console/courses", { cookie: head }, "tbody tr"],
    ["console-recordings", "/console/recordings", { cookie: head }, "tbody tr"],
    ["console-streams", "/console/streams", { cookie: head }, "tbody tr"],
    ["console-alarms", "/console/alarms", { cookie: head }, "tbody tr"],
    ["console-keys", "/console/keys", { cookie: head }, "tbody tr"],
    ["console-teacher", "/console", { cookie: teaching }, ".my-lessons li"],
    ["console-analytics", "/console/analytics", { cookie: head }, ".figure-tiles"],
    ["console-lesson-analytics", `/console/lessons/${over.id}/analytics`, { cookie: head }, ".figure-tiles"],
    ["console-people", "/console/people", { cookie: head }, "tbody tr"],
    ["console-webhooks", "/console/webhooks", { cookie: head }, "tbody tr"],
    ["console-audit", "/console/audit", { cookie: head }, "tbody tr"],
    ["console-settings", "/console/settings", { cookie: head }, "textarea"],
    ["console-appearance", "/console/settings/appearance", { cookie: head }, ".preview"],
    ["console-nodes", "/console/nodes", { cookie: operator }, "section strong"],
    ["studio", `/studio/${live.id}`, { cookie: teaching }, ".qr[src]"],
    ["reset", "/reset/x", {}, "form"],
    ["lost", "/nowhere", {}, "a.button"],
    ["offline", "/offline", {}, "button"],
    ["embed", "/embed/nothing", {}, "lectern-player"],
  ];
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const wrong: string[] = [];
  const see = async (look: Look): Promise<void> => {
    const { locale, colorScheme, viewport } = look;
    const context = await browser.newContext({ locale, colorScheme, viewport });
    context.setDefaultTimeout(HANG_MS);
    const seen = pages.filter((_, i) => seesAll || i % LOOKS.length === LOOKS.indexOf(look));
    for (const [name, path, storage, ready] of seen) {
      const where = `${name} ${viewport.width} ${colorScheme} ${locale}`;
      const page = await context.newPage();
      page.on("console", (message) => {
        const expected = /status of 40[0-9]|status of 503|ERR_CONNECTION/.test(message.text());
        if ((message.type() === "error" || message.type() === "warning") && !expected) wrong.push(`${where}: ${message.text()}`);
      });
      page.on("pageerror", (error) => wrong.push(`${where}: ${error}`));
      const { cookie, ...entries } = storage;
      await context.clearCookies();
      if (cookie) await signInBrowser(context, server.http, cookie);
      await page.addInitScript((kept) => {
        localStorage.clear();
        for (const [key, value] of kept) sessionStorage.setItem(key.slice("session:".length), value);
      }, Object.entries(entries));
      // The offline page leaves as soon as the server answers.
      if (name === "offline") await page.route("**/healthz", (route) => route.abort("connectionrefused"));
      if (name === "class-recordings-awaited") await page.route("**/recordings*", () => {});
      await page.goto(server.http + path);
      await page
        .locator(ready)
        .first()
        .waitFor()
        .catch(() => wrong.push(`${where}: no ${ready}`));
      for (const element of await overflowing(page)) wrong.push(`${where}: ${element}`);
      // What axe looks at does not change with every width and language.
      if ((locale === "en-US" || !seesAll) && (viewport.width === 360 || viewport.width === 1280))
        for (const fault of await axeFaults(page)) wrong.push(`${where}: ${fault}`);
      if (PICTURES) {
        await until(() => page.evaluate(() => document.fonts.status === "loaded"), "letters");
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: join(PICTURES, `${name}-${viewport.width}-${colorScheme}-${locale}.png`) });
      }
      await page.close();
    }
    await context.close();
  };
  const waiting = [...LOOKS];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await see(next);
  };
  // A second page is drawn while the first one waits for the server.
  await Promise.all([lane(), lane()]);
  assert.deepEqual(wrong, []);
});
