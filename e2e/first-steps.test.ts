/** The first steps of a school on the console's home page: what comes next, an account that is handed over again, and their end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";

test("the home page leads a school from its people to the first lesson, and stops when it was held", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const person = (login: string, name: string, role: string) =>
    call("POST", "/users", { schoolId: school.id, login: `${login}-${school.slug}`, name, role });
  const teacher = await person("wang", "Wang Fang", "teacher");
  // Without a lesson, the first run asks its three questions.
  const lesson = await call("POST", "/lessons", { title: "Fractions", teacherId: teacher.id });
  const page = await signedIn(t, server, school, "", { options: { viewport: { width: 390, height: 844 } } });
  const steps = page.getByRole("region", { name: "First steps" });
  const next = steps.locator("li.next");
  await next.getByRole("link", { name: "Add your people" }).waitFor();

  // The link of the teacher is shown again, and the older one opens nothing.
  await steps.getByRole("button", { name: "Make a new link" }).click();
  await steps.getByText("Wang Fang signs in for the first time with this link.").waitFor();
  const link = (await steps.locator(".secret-line code").textContent()) ?? "";
  assert.match(link, /\/reset\/[\w-]+$/);
  const mail = (await steps.getByRole("link", { name: "Write a mail" }).getAttribute("href")) ?? "";
  assert.ok(mail.startsWith("mailto:?") && decodeURIComponent(mail).includes(link), mail);
  await steps.getByRole("button", { name: "Print a slip" }).click();
  await page
    .getByRole("dialog", { name: `Slips: ${school.slug}` })
    .getByAltText("QR code: Wang Fang")
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  await person("mei", "Li Mei", "student");
  await page.reload();
  await next.getByRole("link", { name: "Plan the timetable" }).click();
  await page.getByRole("heading", { level: 1, name: "Timetable" }).waitFor();
  await call("PATCH", `/lessons/${lesson.id}`, { startsAt: new Date(Date.now() + 3_600_000).toISOString() });
  await page.goto(`${server.http}/console`);
  await next.getByRole("link", { name: "Add logo and colour" }).waitFor();
  await call("POST", `/lessons/${lesson.id}/start`);
  await call("POST", `/lessons/${lesson.id}/end`);
  await page.reload();
  await page.getByText(/^All is well/).waitFor();
  await steps.waitFor({ state: "detached" });
});

test("the steps are hidden on this device when a person wants so", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  await school.call("POST", "/lessons", { title: "Fractions" });
  const page = await signedIn(t, server, school, "");
  const steps = page.getByRole("region", { name: "First steps" });
  await steps.getByRole("button", { name: "Hide" }).click();
  await steps.waitFor({ state: "detached" });
  await page.reload();
  await page.getByText(/^All is well/).waitFor();
  assert.equal(await steps.count(), 0);
});
