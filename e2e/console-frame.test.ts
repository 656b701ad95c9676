/** The console in Chromium: its frame, search, drawers, and how a school's pages look. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { newSchool, ownName, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask } from "./lesson-client.ts";
import { long } from "./long-tests.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** One pixel. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");

/** What a custom property of the page is. */
function property(page: Page, name: string): Promise<string> {
  return page.evaluate((one) => getComputedStyle(document.documentElement).getPropertyValue(one).trim(), name);
}

test("the search over everything finds a person without the accent, and opens the list with only them", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  for (const [login, name] of [
    ["zoe", "Zoë Müller"],
    ["ben", "Ben Okafor"],
  ])
    await school.call("POST", "/users", { schoolId: school.id, login, name, role: "student" });
  const page = await signedIn(t, server, school, "");
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("muller zoe");
  await page.getByRole("option", { name: "Zoë Müller" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "Zoë Müller", exact: true }).waitFor();
  assert.equal(new URL(page.url()).search, "?search=zoe");
  assert.equal(await page.getByRole("cell", { name: "Ben Okafor", exact: true }).count(), 0);
  // Pages are found by their names, and what is not there is said.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("webh");
  await page.getByRole("option", { name: "Webhooks" }).click();
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("qqqq");
  await page.getByText("No results for “qqqq”.").waitFor();
  // What was said in lessons has a page of its own.
  await page.getByRole("option", { name: "In recordings: “qqqq”" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const field = page.getByRole("searchbox", { name: "Search in recordings" });
  await page.getByText("No results for “qqqq”.").waitFor();
  assert.equal(await field.inputValue(), "qqqq");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("a phone has all pages of the desktop, the language and the way out", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const desktop = await signedIn(t, server, school, "");
  const links = desktop.getByRole("navigation").getByRole("link");
  await links.first().waitFor();
  const names = await links.allTextContents();
  assert.ok(names.length > 20, String(names));
  const page = await signedIn(t, server, school, "", { options: PHONE });
  await page.getByRole("button", { name: "Menu" }).click();
  assert.deepEqual(await page.getByRole("navigation").getByRole("link").allTextContents(), names);
  await page.getByRole("link", { name: "Your account: Anna" }).waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "课程表" }).waitFor();
  // What is folded stays folded, but for the page that is open.
  await page.getByRole("button", { name: "教学" }).click();
  assert.equal(await page.getByRole("link", { name: "课程表" }).count(), 0);
  await page.reload();
  await page.getByRole("button", { name: "菜单" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "人员" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "课程表" }).count(), 0);
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("button", { name: "登录", exact: true }).waitFor();
});

long("an empty list says so and offers to add; a filter without a match says that, and is cleared", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/courses");
  await page.getByText("Nothing here yet.").waitFor();
  await page.getByRole("button", { name: "New course" }).click();
  await page.getByRole("dialog").getByLabel("Title").fill("Maths");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Added to the list.").waitFor();
  await page.getByRole("cell", { name: "Maths", exact: true }).waitFor();
  await page.getByLabel("Search").fill("music");
  await page.getByText("No match.").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("cell", { name: "Maths", exact: true }).waitFor();
  assert.equal(new URL(page.url()).search, "");
});

long("a webhook's events are chosen, and its secret is shown when it is asked for", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/webhooks");
  await page.getByRole("button", { name: "Add" }).first().click();
  await page.getByLabel("URL").fill("https://school.example/hooks");
  await page.locator(".mantine-MultiSelect-input").click();
  await page.getByRole("option", { name: "lesson.started" }).click();
  await page.getByRole("option", { name: "room.chat" }).click();
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Create" }).click();
  const [webhook] = await until(async () => {
    const { items } = await school.call("GET", "/webhooks");
    return items.length > 0 && items;
  }, "the webhook");
  assert.deepEqual(webhook.events, ["lesson.started", "room.chat"]);
  await page.getByText(`Check the signature of deliveries with this secret: ${webhook.secret}`).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Edit: https://school.example/hooks" }).click();
  assert.equal(await page.getByText(webhook.secret).count(), 0);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText(webhook.secret, { exact: true }).waitFor();
});

long("the menu of a row lies over the rows below it", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  for (const login of ["ann", "bea", "cleo", "dora", "eve"])
    await school.call("POST", "/users", { schoolId: school.id, login, name: login, role: "student" });
  const page = await signedIn(t, server, school, "/people?role=student");
  await page.getByRole("button", { name: "More: ann" }).click();
  const covered = await page.getByRole("menuitem").evaluateAll((items) =>
    items.flatMap((item) => {
      const { left, top, width, height } = item.getBoundingClientRect();
      const at = [0.1, 0.5, 0.9].map((share) => document.elementFromPoint(left + share * width, top + height / 2));
      return at.every((found) => item.contains(found)) ? [] : [item.textContent];
    }),
  );
  assert.deepEqual(covered, []);
});

long("a link for a new password is whole on a phone", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  await school.call("POST", "/users", { schoolId: school.id, login: "ben", name: "Ben", role: "student" });
  const page = await signedIn(t, server, school, "/people?search=ben", { options: PHONE });
  await page.getByRole("button", { name: "More: Ben" }).click();
  await page.getByRole("menuitem", { name: "Reset password" }).click();
  const link = page.locator(".secret-line code");
  await link.waitFor();
  assert.match((await link.textContent()) ?? "", /\/reset\/\S{20,}$/);
  const { left, right, scroll, client } = await link.evaluate((element) => {
    const box = element.getBoundingClientRect();
    return { left: box.left, right: box.right, scroll: element.scrollWidth, client: element.clientWidth };
  });
  assert.ok(left >= 0 && right <= 390 && scroll <= client, JSON.stringify({ left, right, scroll, client }));
});

test("an hour of the timetable is pressed to add a lesson there, and the lesson to change it", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/timetable?week=2026-03-02");
  // Wednesday, from seven on: the hour of ten.
  await page
    .locator(".week-hours")
    .nth(2)
    .click({ position: { x: 40, y: 44 * 3 + 20 } });
  await page.getByLabel("Title").fill("Fractions");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Fractions" }).click();
  await page.getByLabel("Title").fill("Decimals");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Decimals" }).waitFor();
  const { items } = await school.call("GET", "/lessons");
  assert.deepEqual(
    items.map(({ title, startsAt, endsAt }: Record<string, string>) => [title, startsAt, endsAt]),
    [["Decimals", "2026-03-04T10:00:00.000Z", "2026-03-04T10:45:00.000Z"]],
  );
  assert.equal(await page.locator(".week-now").count(), 0, "another week has no line for now");
  await page.getByRole("button", { name: "Today" }).click();
  await page.locator(".week-name.today").waitFor();
});

long(
  "a school's colour and logo are on the pages of its people; a colour that cannot be read is adjusted, an SVG refused",
  async (t) => {
    const server = await sharedLectern();
    const school = await newSchool(server);
    const lesson = await school.call("POST", "/lessons", { title: "Fractions" });
    const page = await signedIn(t, server, school, "/settings/appearance");
    await page.getByLabel("Accent colour").fill("#ffd400");
    await page.getByText("Light pages show #", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The appearance was saved.").waitFor();
    const logo = page.getByLabel("Logo");
    await logo.setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
    await page.getByRole("alert").getByText("Save an SVG file as PNG.").waitFor();
    await logo.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: PNG });
    await page.locator(".console-brand img").waitFor();
    assert.notEqual(await property(page, "--accent"), "#ffd400");
    // The server looks at the bytes.
    const disguised = { image: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>").toString("base64") };
    const answer = await ask(server, "PUT", `/schools/${school.id}/logo`, disguised);
    assert.deepEqual([answer.status, answer.body.code], [400, "bad-request"]);
    // A guest's page of a lesson, in the dark.
    const guest = await openOwnPage(t, { colorScheme: "dark" }, server.http);
    await guest.goto(`${server.http}/j/${lesson.code}`);
    await guest.locator(".wordmark img").waitFor();
    assert.equal(await property(guest, "--accent"), "#ffd400");
    assert.ok(
      await guest.locator(".wordmark img").evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    );
  },
);

test("the console says since when it does not reach the server, shows what it has as of before, and goes on by itself", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "", { options: { expected: /ERR_INTERNET_DISCONNECTED/ } });
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.getByText(/^All is well/).waitFor();
  const words = page.getByRole("alert").getByText(/^No connection to the server since \d+:\d\d:\d\d/);
  await page.context().setOffline(true);
  await words.waitFor();
  const opacity = () =>
    page
      .locator(".home")
      .first()
      .evaluate((home) => Number(getComputedStyle(home).opacity));
  assert.ok((await opacity()) < 1);
  await page.context().setOffline(false);
  await words.waitFor({ state: "detached" });
  assert.equal(await opacity(), 1);
});

test("an address that none of the console's pages has says so, and leads home", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/lesssons");
  await page.getByRole("heading", { level: 1, name: "There is no such page" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Home" }).click();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
});

test("on a phone the title of a course keeps its words whole beside its buttons, and what is done with a person is beside the name", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const { id: userId } = await call("POST", "/users", {
    schoolId: school.id,
    login: ownName("li"),
    name: "Li Mei",
    role: "student",
  });
  const { id } = await call("POST", "/courses", { schoolId: school.id, name: "Mathematics and physics 7b" });
  await call("PUT", `/courses/${id}/members/${userId}`, { role: "student" });
  const page = await signedIn(t, server, school, `/courses/${id}`, { options: PHONE });
  const row = page.getByRole("row", { name: "Li Mei" });
  await row.waitFor();
  const boxOf = async (locator: Locator) => (await locator.boundingBox()) ?? assert.fail("it is not shown");
  const title = await boxOf(page.getByRole("heading", { level: 1 }));
  assert.ok(title.width > 300, `a title of ${title.width} px`);
  const [name, edit] = [await boxOf(row.getByText("Li Mei")), await boxOf(row.getByRole("button", { name: "Edit: Li Mei" }))];
  const middle = (box: { y: number; height: number }) => box.y + box.height / 2;
  assert.ok(Math.abs(middle(name) - middle(edit)) < 12 && edit.x > name.x, `${JSON.stringify(name)} ${JSON.stringify(edit)}`);
});
