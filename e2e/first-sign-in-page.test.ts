/** The first sign-in in Chromium: from a slip to the own lessons, in either language, and from the console's list to the slip. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { newSchool, ownName, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";

test("an administrator prints slips for who has not come, and a person comes in with one", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const login = ownName("ben");
  await school.call("POST", "/users", { schoolId: school.id, login, name: "Ben Smith", role: "student" });
  const page = await signedIn(t, server, school, "/people");
  await page.getByText("1 of 2 have signed in.").waitFor();
  await page.getByRole("button", { name: "Show who has not signed in" }).click();
  await page.getByRole("row", { name: /Ben Smith/ }).waitFor();
  assert.match(page.url(), /signedIn=false/);
  await page.getByRole("button", { name: "Invite", exact: true }).first().click();
  await page.getByRole("button", { name: "Print slips" }).click();
  const sheet = page.getByRole("dialog", { name: `Slips: ${school.slug}` });
  await sheet.getByAltText("QR code: Ben Smith").waitFor();
  const url = (await sheet.locator(".slip-url").textContent()) ?? "";
  await page.emulateMedia({ media: "print" });
  assert.equal(await sheet.getByRole("button", { name: "Print" }).isVisible(), false, "buttons are not printed");
  await page.emulateMedia({ media: "screen" });
  await sheet.getByRole("button", { name: "Close" }).click();
  await page.getByText(/^Invited /).waitFor();

  // The link is gone after its use.
  const options = { viewport: { width: 390, height: 844 }, locale: "zh-CN", expected: /status of 410/ };
  const visit = await openOwnPage(t, options, server.http);
  await visit.goto(url);
  await visit.getByRole("heading", { name: "欢迎，Ben Smith" }).waitFor();
  await visit.getByRole("button", { name: "English" }).click();
  await visit.getByRole("heading", { name: "Welcome, Ben Smith" }).waitFor();
  await visit.getByText(login).waitFor();
  await visit.getByLabel("New password").fill("kettle orange window");
  await visit.getByRole("button", { name: "Save and sign in" }).click();
  await visit.getByText("Your password is set, and you are signed in.").waitFor();
  await visit.getByRole("link", { name: "Go to my lessons" }).click();
  await visit.getByRole("heading", { name: "Your lessons" }).waitFor();
  await visit.goto(url);
  await visit.getByRole("alert").getByText("This link has expired, has been used, or is incomplete.").waitFor();
});
