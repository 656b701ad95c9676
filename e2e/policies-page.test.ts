/**
 * The console's pages of access in Chromium: rules are tried, enforced and undone, and what they do to viewers is counted and explained.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { downloaded, openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "a good password";
const THIEF = "https://copycat.example/watch";
/** Documentation addresses (RFC 5737, RFC 3849). */
const CAMPUS = "# the campus\n203.0.113.0/24\n2001:db8:5::/48\n198.51.100.10-198.51.100.20\nthe old building\n";

let schools = 0;

type School = {
  readonly id: string;
  readonly token: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Body>;
};

/** A school of the test's own, with an administrator. */
async function newSchool(lectern: Lectern): Promise<School> {
  const slug = `access-${++schools}`;
  const { id } = await done(lectern, "POST", "/schools", { slug, name: `School ${schools}`, timeZone: "UTC" });
  const login = `${slug}-head`;
  await done(lectern, "POST", "/users", { schoolId: id, login, name: login, role: "administrator", password: PASSWORD });
  const token: string = (await ask(lectern, "POST", "/sessions", { login, password: PASSWORD }, null)).body.token;
  const call = async (method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await ask(lectern, method, path, body, token);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return { id, token, call };
}

async function open(t: TestContext, lectern: Lectern, token: string, path: string, expected?: RegExp): Promise<Page> {
  const options = { viewport: { width: 1280, height: 900 }, locale: "en-US", ...(expected ? { expected } : {}) };
  const page = await openOwnPage(t, options, lectern.http);
  await signInBrowser(page.context(), lectern.http, token);
  await page.goto(`${lectern.http}/console${path}`);
  return page;
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const rule = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole("combobox", { name: label, exact: true })
    .or(page.getByRole("textbox", { name: label, exact: true }))
    .click();
  await page.getByRole("option", { name: option }).click();
}

/** Watches as a player in a page of this address does: the answer's status. */
async function watchFrom(url: string, referer: string): Promise<number> {
  const leave = new AbortController();
  const response = await fetch(url, { headers: { referer }, signal: leave.signal });
  leave.abort();
  return response.status;
}

test("a rule about pages is tried, counted, enforced, explained and undone", async (t) => {
  const lectern = await sharedLectern();
  const { token, call } = await newSchool(lectern);
  const lesson = await call("POST", "/lessons", { title: "Fractions" });
  push(t, lesson.stream.rtmpUrl ?? (await done(lectern, "GET", `/lessons/${lesson.id}`)).stream.rtmpUrl, "calm");
  await lectern.stream(lesson.stream.name, ({ video }) => video !== null);
  const joined = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Li Mei" });
  const watched = new URL(joined.play.flv, lectern.http).href;

  const page = await open(t, lectern, token, "/lessons");
  await page.getByRole("button", { name: "More: Fractions" }).click();
  await page.getByRole("menuitem", { name: "Who may watch" }).click();
  await page.getByRole("heading", { name: "Who may watch: lesson “Fractions”" }).waitFor();
  await page.getByText("No rules of its own.").waitFor();
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByLabel("Only from these pages").fill("school.com\n *.School.com \n");
  await choose(page, "When the rule refuses", "Only count (dry-run)");
  await page.getByRole("button", { name: "Add rule" }).click();
  const own = rule(page, "Watching: only from pages of school.com and *.school.com.");
  await own.getByText("Dry-run", { exact: true }).waitFor();

  // The page of another site is let in, and counted.
  await until(async () => (await watchFrom(watched, THIEF)) === 200, "a viewer of another page");
  const report = await open(t, lectern, token, "/access/refusals?rule=referers");
  await row(report, THIEF).first().getByText("Dry-run", { exact: true }).waitFor();
  await report.getByRole("img", { name: /^Would be refused \(dry-run\), Last 24 hours: [1-9].*Pages [1-9]/ }).waitFor();
  await report.getByRole("img", { name: "Refused, Last 24 hours: 0." }).waitFor();

  await own.getByRole("button", { name: /^Enforce rule/ }).click();
  await page.getByText("The rule refuses from now on.").waitFor();
  await until(async () => (await watchFrom(watched, THIEF)) === 403, "a refusal");
  assert.equal(await watchFrom(watched, "https://www.school.com/maths"), 200);
  await report.getByRole("img", { name: /^Refused, Last 24 hours: [1-9].*Pages [1-9]/ }).waitFor();

  // The refused request is explained, with the lesson's link that the report does not have.
  await report
    .getByRole("link", { name: /^Explain this: live\/lesson-/ })
    .first()
    .click();
  assert.equal(await report.getByLabel("Page that contains the player").inputValue(), THIEF);
  await report.getByRole("button", { name: "Explain" }).click();
  const answer = report.getByRole("region", { name: "All rules in their order" }).first();
  await answer.getByText("Refused: It cannot be opened from this page.").waitFor();
  await answer.getByText("By the rule “Pages” of lesson “Fractions”.").waitFor();
  await row(report, "Pages").getByText("Refuses", { exact: true }).waitFor();
  await row(report, "Valid link").getByText("Lets in", { exact: true }).waitFor();
  await report.getByLabel("Page that contains the player").fill("https://www.school.com/maths");
  await report.getByRole("button", { name: "Explain" }).click();
  await answer.getByText("Let in.").waitFor();

  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  await own.getByText("Dry-run", { exact: true }).waitFor();
  await until(async () => (await watchFrom(watched, THIEF)) === 200, "the viewer again");

  await own.getByRole("button", { name: /^Remove rule/ }).click();
  await page.getByText("The rule was removed.").waitFor();
  assert.equal((await call("GET", "/policies")).items[0].rules.length, 0);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await own.waitFor();
});

test("a lesson's page shows the rules from above, what replaces them, and every kind of rule as a sentence", async (t) => {
  const lectern = await sharedLectern();
  const { id, token, call } = await newSchool(lectern);
  const course = await call("POST", "/courses", { name: "Mathematics 7b" });
  const lesson = await call("POST", "/lessons", { title: "Angles", courseId: course.id });
  const base = { for: "play", combine: "add", mode: "enforce", locked: false };
  await call("POST", "/policies", {
    target: { level: "school", id },
    rules: [
      { ...base, kind: "addresses", allow: ["203.0.113.0/24"] },
      { ...base, kind: "regions", allow: ["中国"], unknown: "refuse", locked: true },
    ],
  });
  const page = await open(t, lectern, token, "/courses");
  await row(page, "Mathematics 7b").getByRole("link", { name: "Who may watch" }).click();
  await page.getByRole("button", { name: "Add rule" }).click();
  await choose(page, "What the rule checks", "Opening times");
  const time = page.getByRole("group", { name: "Time 1" });
  await time.getByLabel("Friday").uncheck();
  await time.getByLabel("From").fill("22:00");
  await time.getByLabel("To").fill("06:00");
  await page.getByRole("button", { name: "Add rule" }).click();
  await rule(page, "Watching: only Mon–Thu 22:00–06:00 on the next day (UTC).").waitFor();
  await page.getByRole("button", { name: "Add rule" }).click();
  await choose(page, "What the rule checks", "Network addresses");
  await page.getByLabel("Not these addresses").fill("192.0.2.1");
  await choose(page, "Together with rules from above", "This one replaces them");
  await page.getByRole("button", { name: "Add rule" }).click();
  await rule(page, "Watching: not from 192.0.2.1.").getByText("Replaces", { exact: true }).waitFor();

  await page.goto(`${lectern.http}/console/access/policy?level=lesson&id=${lesson.id}`);
  const above = page.getByRole("region", { name: "From above" });
  const replaced = above.getByRole("listitem").filter({ hasText: "only from 203.0.113.0/24" });
  await replaced.getByText("Does not apply: replaced by a rule of course “Mathematics 7b”").waitFor();
  const locked = above.getByRole("listitem").filter({ hasText: "only from 中国; unknown regions are refused" });
  await locked.getByText("Locked", { exact: true }).waitFor();
  await locked.getByRole("link", { name: /^From: school/ }).waitFor();

  // A mistake is told at the form, and nothing is lost.
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByLabel("Only from these pages").fill("https://school.com/maths");
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByRole("alert").getByText("is not a domain").waitFor();
  await page.getByLabel("Only from these pages").fill("school.com");
  await page.getByRole("button", { name: "Add rule" }).click();
  await rule(page, "Watching: only from pages of school.com.").waitFor();

  await page.goto(`${lectern.http}/console/access`);
  await row(page, "Mathematics 7b").getByText("2 rules").waitFor();
  await page.getByLabel("Select: Course Mathematics 7b").check();
  await page.getByRole("button", { name: "Delete" }).click();
  await row(page, "Mathematics 7b").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "Mathematics 7b").getByText("2 rules").waitFor();
});

test("an address list is uploaded, named by a rule, changed, and kept while the rule names it", async (t) => {
  const lectern = await sharedLectern();
  const { id, token, call } = await newSchool(lectern);
  const page = await open(t, lectern, token, "/access/lists", /status of 409/);
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByLabel("Name").fill("Campus");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose file: Text file" }).click(),
  ]);
  await chooser.setFiles({ name: "campus.txt", mimeType: "text/plain", buffer: Buffer.from(CAMPUS) });
  await page.getByText("campus.txt, 1 kB").waitFor();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("The list has 3 entries.").waitFor();
  const campus = row(page, "Campus");
  await campus.getByText("3 entries").waitFor();
  await campus.getByText("1 line left out").click();
  await campus.getByText("Line 5: the old building").waitFor();

  await page.getByRole("button", { name: "Edit: Campus" }).click();
  await page.getByLabel("Add these entries").fill("192.0.2.7\n192.0.2.8");
  await page.getByLabel("Remove these entries").fill("203.0.113.0/24");
  await page.getByRole("button", { name: "Save" }).click();
  await campus.getByText("4 entries").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download: Campus" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `addresses-${(await call("GET", "/address-lists")).items[0].id}.txt`);
  assert.match((await downloaded(download)).toString(), /^192\.0\.2\.7\n192\.0\.2\.8$/m);

  await page.goto(`${lectern.http}/console/access/policy?level=school&id=${id}`);
  await page.getByRole("button", { name: "Add rule" }).click();
  await choose(page, "What the rule checks", "Network addresses");
  await page.getByLabel("Only these addresses").fill("10.0.0.0/8");
  await page
    .getByRole("combobox", { name: "Only these address lists" })
    .or(page.getByRole("textbox", { name: "Only these address lists" }))
    .press("ArrowDown");
  await page.getByRole("option", { name: "Campus" }).click();
  await page.getByRole("button", { name: "Add rule" }).click();
  await rule(page, "Watching: only from 10.0.0.0/8 and the list “Campus”.").waitFor();
  const [list] = (await call("GET", "/address-lists")).items;
  assert.deepEqual((await call("GET", "/policies")).items[0].rules[0].allow, ["10.0.0.0/8", `list:${list.id}`]);

  await page.goto(`${lectern.http}/console/access/lists`);
  await page.getByLabel("Select: Campus").check();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("alert").getByText("That did not work").waitFor();
  await campus.waitFor();
});

test("a link key's secret is shown once", async (t) => {
  const lectern = await sharedLectern();
  const { token, call } = await newSchool(lectern);
  const page = await open(t, lectern, token, "/access/keys");
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByLabel("Name").fill("Old CDN");
  await choose(page, "Signed like", /Aliyun, type A/);
  await page.getByRole("button", { name: "Create" }).click();
  const said = (await page.getByText(/Copy the secret now/).textContent()) ?? "";
  assert.match(said, /[0-9a-f]{32}/);
  await row(page, "Old CDN").getByText("1800", { exact: true }).waitFor();
  const [key] = (await call("GET", "/link-keys")).items;
  assert.deepEqual([key.name, key.scheme, key.validSeconds], ["Old CDN", "aliyun-a", 1800]);
  await page.reload();
  await row(page, "Old CDN").waitFor();
  assert.doesNotMatch(await page.content(), new RegExp(/[0-9a-f]{32}/.exec(said)?.[0] ?? "secret"));
});

test("an operator sets rules of a stream that belongs to no lesson, and sees those of every level", async (t) => {
  const lectern = await sharedLectern();
  await newSchool(lectern);
  const login = "access-operator";
  await done(lectern, "POST", "/users", { login, name: login, role: "operator", password: PASSWORD });
  const { token } = (await ask(lectern, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
  const page = await open(t, lectern, token, "/access");
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await choose(page, "What the rules are for", "Stream");
  await page.getByLabel("Stream", { exact: false }).last().fill("live/camera");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Who may watch: stream “live/camera”" }).waitFor();
  await page.getByRole("button", { name: "Add rule" }).click();
  await choose(page, "What the rule checks", "Number of viewers");
  await page.getByLabel("Most viewers at once").fill("30");
  await page.getByRole("button", { name: "Add rule" }).click();
  await rule(page, "Watching: at most 30 at once.").waitFor();
  await page.getByRole("button", { name: "Add rule" }).waitFor();
  await page.getByRole("link", { name: "All policies" }).click();
  await row(page, "live/camera").getByText("1 rule", { exact: true }).waitFor();
  await choose(page, "Level", "Installation");
  await page.getByText("No policy of this level.").waitFor();
  assert.match(page.url(), /level=installation/);
});

test("a rule that asks another system is made, and changed without its secret, which is kept", async (t) => {
  const lectern = await sharedLectern();
  const { token, call } = await newSchool(lectern);
  await call("POST", "/lessons", { title: "Subscribers" });
  const page = await open(t, lectern, token, "/lessons");
  await page.getByRole("button", { name: "More: Subscribers" }).click();
  await page.getByRole("menuitem", { name: "Who may watch" }).click();
  await page.getByRole("button", { name: "Add rule" }).click();
  await choose(page, "What the rule checks", "Own system (back end)");
  await page.getByLabel("URL of the request").fill("https://accounts.school.example/may-watch");
  await choose(page, "Signature", "Requests are signed with a secret");
  await page.getByLabel("Secret", { exact: true }).fill("a secret of both systems");
  await page.getByRole("button", { name: "Add rule" }).click();
  const own = rule(page, "only whom accounts.school.example lets in");
  await own.getByRole("button", { name: /^Edit rule/ }).click();
  assert.equal(await page.getByLabel("Secret", { exact: true }).inputValue(), "", "it is not shown again");
  await page.getByLabel("Keep “let in” for (seconds)").fill("15");
  await page.getByRole("button", { name: "Save" }).click();
  const stored = async () => (await call("GET", "/policies")).items[0].rules[0];
  await until(async () => (await stored()).cacheSeconds === 15, "the change");
  assert.equal((await stored()).signed, true);
});
