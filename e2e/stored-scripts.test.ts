/**
 * Texts of people that try to be scripts, in every field of the API that takes a text: no page runs one, or holds one as anything but text. The pages'
 * content security policy is off, so that it hides nothing. One server, one browser, and each page once. Only with --all.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { documentedRoutes } from "../packages/client/src/documented-routes.ts";
import { sharedBrowser } from "./fixtures.ts";
import { resourceTables } from "./fresh-resources.ts";
import { HANG_MS, startLectern } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { HINTS, MAY_BE_EMPTY, SKIPPED } from "./marked-exceptions.ts";
import { fillFromElsewhere, fillSchool } from "./marked-school.ts";
import { lookThrough, requestsOf } from "./page-scripts.ts";
import { copyOfMigrated, openStoreAt } from "./school-postgres.ts";
import { type Letter, openWorld, type SchoolWorld, type Things } from "./school-world.ts";
import { signInBrowser } from "./sign-in-browser.ts";

type Visit = { readonly path: string; readonly who: Letter };

const CONSOLE = join(import.meta.dirname, "../packages/web/src/console");
/** What a parameter of a page's address names, by the address before it. */
const NAMED_BY: Readonly<Record<string, keyof Things>> = {
  "/lessons/": "lessonId",
  "/why/": "viewId",
  "/courses/": "courseId",
  "/examinations/papers/": "paperId",
  "/examinations/": "examinationId",
  "/marking/": "examinationId",
  "/people/": "userId",
  "/check-ins/": "formId",
  "/alarms/": "alarmId",
  "/webhooks/": "webhookId",
};
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "/courses/": ["", "/lessons", "/materials", "/recordings", "/examinations", "/results"],
  "/examinations/": ["", "/run", "/supervision", "/marking", "/results"],
};
/** Kinds of things that were made, by the address before their id. */
const MADE: Readonly<Record<string, string>> = { "/examinations/papers/": "paper" };
const MOST_MADE = 1;
/** On a busy machine, until a page shows something of the school. */
const SHOWN_MS = 8000;
/** Of fields; most of the others take no markup, or are shown where a lesson is live. */
const LEAST_STORED = 200;
const LEAST_SEEN = 80;

/** Addresses of the console, from its own lists of pages: a new page cannot be forgotten. */
function consolePages(file: string, things: Things, made: ReadonlyMap<string, readonly string[]>): string[] {
  const routes = [...readFileSync(join(CONSOLE, file), "utf8").matchAll(/<Route\s+path="([^"]+)"/g)].map(([, path = ""]) => path);
  const probe = Reflect.get(things, "probeId");
  return routes.flatMap((route) => {
    const path = route.replace("/*?", "").replace("/:app/:name", `/${things.app}/${things.name}`);
    const [, before = path, after = ""] = /^(.*?\/):id(.*)$/.exec(path) ?? [];
    if (before === path) return [path];
    const name = NAMED_BY[before];
    const known = before === "/nodes/" ? "none" : before === "/probes/" ? String(probe) : name === undefined ? null : things[name];
    assert.ok(known, `say in NAMED_BY what ${route} names`);
    const ids = [known, ...(made.get(MADE[before] ?? "") ?? []).slice(0, MOST_MADE)];
    const parts = after === "/:part?" ? (PARTS[before] ?? [""]) : [after];
    return ids.flatMap((id) => parts.map((part) => `${before}${id}${part}`));
  });
}

function pagesOf(things: Things, made: ReadonlyMap<string, readonly string[]>, world: SchoolWorld): Visit[] {
  const { lessonId, code, examCode, examinationId, name, token } = things;
  const ofConsole = (who: Letter, paths: readonly string[]): Visit[] => paths.map((path) => ({ path: `/console${path}`, who }));
  const all = consolePages("routes.tsx", things, made);
  const own = consolePages("own-pages.tsx", things, made);
  return [
    ...ofConsole("A", all),
    ...ofConsole("A", [
      `/people/${world.people.U}/record`,
      `/access/policy?level=lesson&id=${lessonId}`,
      "/recordings?state=deleted",
    ]),
    ...ofConsole("O", [
      "/",
      "/schools",
      "/nodes",
      "/jobs",
      "/protection",
      "/protection/exemptions",
      "/protection/degradation",
      "/audit",
      "/probes",
    ]),
    // Most of the others are the administrators', too.
    ...ofConsole(
      "T",
      own.filter((path) => !all.includes(path)),
    ),
    ...ofConsole("T", ["/", "/account", "/examinations"]),
    ...ofConsole("U", ["/", "/account", "/record", "/mistakes", "/examinations", `/examinations/${examinationId}`]),
    ...ofConsole("P", ["/", "/account"]),
    ...ofConsole("G", ["/"]),
    ...["", "?panel=chat", "?panel=questions", "?panel=quiz"].map(
      (panel): Visit => ({ path: `/studio/${lessonId}${panel}`, who: "T" }),
    ),
    { path: `/class/${code}`, who: "U" },
    { path: `/class/${code}`, who: "T" },
    { path: `/j/${code}`, who: "G" },
    { path: `/exam/${examCode}`, who: "U" },
    { path: `/exam/${examCode}`, who: "G" },
    { path: "/supervision", who: "T" },
    { path: `/supervision/${examinationId}`, who: "T" },
    { path: "/check-in", who: "U" },
    { path: "/check-in", who: "P" },
    { path: `/embed/${name}`, who: "G" },
    { path: `/reset/${token}`, who: "G" },
    { path: "/", who: "U" },
    { path: "/", who: "T" },
  ];
}

type Window = { readonly context: BrowserContext; readonly page: Page; readonly underWay: () => number };

/** A window of a person, which tells what ran in it. */
async function openWindow(browser: Browser, http: string, token: string | null, onRan: (what: string) => void): Promise<Window> {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, bypassCSP: true });
  context.setDefaultTimeout(HANG_MS);
  await context.exposeBinding("ran", ({ page }, n: unknown) => onRan(`${String(n)} at ${page.url()}`));
  if (token !== null) await signInBrowser(context, http, token);
  const page = await context.newPage();
  page.on("dialog", (dialog) => void dialog.dismiss());
  return { context, page, underWay: requestsOf(page) };
}

/** Pages of the console follow each other without a load, as by its links. */
async function visit({ page }: Window, http: string, path: string): Promise<void> {
  const at = page.url();
  const isWithin = at.startsWith(`${http}/console`) && path.startsWith("/console");
  if (isWithin) await page.evaluate((to) => history.pushState(null, "", to), path);
  else await page.goto(http + path, { waitUntil: "load" });
}

async function startSchool(t: TestContext) {
  const url = await copyOfMigrated();
  const store = await openStoreAt(url);
  t.after(() => store.close());
  const limits = {
    "limits.perPerson": '{"requestsPerSecond": 1000, "burst": 20000}',
    "limits.perAddress": '{"requestsPerSecond": 5000}',
  };
  const server = await startLectern(t, { "database.url": url, "webhooks.allowPrivateNetworks": "true", workers: "1", ...limits });
  return { server, db: store.db, world: await openWorld(store.db, "marked", resourceTables(documentedRoutes())) };
}

long("no page runs a text of anybody, and what it shows of them is text", { timeout: 600_000 }, async (t) => {
  const { server, db, world } = await startSchool(t);
  const things = await world.fresh();
  const begun = performance.now();
  const school = await fillSchool(server, world, things, { hints: HINTS, skipped: new Set(Object.keys(SKIPPED)) });
  const { texts, made } = school;
  const stored = new Set([...school.stored, ...(await fillFromElsewhere(server, db, world, things, texts))]);
  const fieldOf = (n: number): string => texts.marks.get(n)?.field ?? "";
  const storedFields = new Set([...stored].map(fieldOf));
  const filledMs = Math.round(performance.now() - begun);

  const browser = await sharedBrowser();
  const ran: string[] = [];
  const faults: string[] = [];
  const empty: string[] = [];
  const seen = new Set<number>();
  const mayBeEmpty = (one: Visit) => MAY_BE_EMPTY.some((pattern) => pattern.test(`${one.who} ${one.path}`));
  const visitAll = async (who: Letter, visits: readonly Visit[]): Promise<void> => {
    const window = await openWindow(browser, server.http, await world.signIn(who, false), (what) => ran.push(`${who} ${what}`));
    for (const one of visits) {
      await visit(window, server.http, one.path);
      const looked = await lookThrough(window.page, window.underWay, mayBeEmpty(one) ? 0 : SHOWN_MS);
      faults.push(...looked.faults.map((fault) => `${who} ${one.path}: ${fault}`));
      for (const n of looked.seen) seen.add(n);
      if (!looked.seen.some((n) => stored.has(n)) && !mayBeEmpty(one)) empty.push(`${who} ${one.path}`);
    }
    // What stands unescaped in a page is found.
    const own = ran.length;
    await window.page.evaluate((text) => document.body.insertAdjacentHTML("beforeend", text), texts.mark("control"));
    const control = await lookThrough(window.page, window.underWay, 0);
    assert.ok(control.faults.length > 0 && ran.length > own, `${who}: a script in the page is not found`);
    ran.length = own;
    await window.context.close();
  };
  for (const [who, visits] of Map.groupBy(pagesOf(things, made, world), (one) => one.who)) await visitAll(who, visits);
  const seenFields = new Set([...seen].map(fieldOf));
  t.diagnostic(`filled in ${filledMs} ms, all in ${Math.round(performance.now() - begun)} ms`);
  t.diagnostic(`${storedFields.size} of ${school.fields.size} fields took a text, and ${seenFields.size} of them were seen`);
  assert.deepEqual([ran, faults], [[], []]);
  // What shows nothing proves nothing.
  assert.deepEqual(empty, [], "these show nothing of what was stored");
  assert.deepEqual([...school.failed], [], "operations that took no text: say in SKIPPED why, or in HINTS what they want");
  assert.ok(storedFields.size >= LEAST_STORED, `${storedFields.size} fields took a text`);
  assert.ok(seenFields.size >= LEAST_SEEN, `${seenFields.size} fields were seen`);
});
