/**
 * The console's pages of protection in Chromium: an address that attacks is held, shown with the reason in words, released and exempted by operators.
 * With answers of the API: who has no such page, and what it says where the service only watches or is off. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { components } from "../packages/client/src/schema.ts";
import { openOwnPage } from "./chromium.ts";
import { consoleAnswers, QUIET_HOME } from "./console-answers.ts";
import { ownName } from "./console-school.ts";
import { wholeFile } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { servePages } from "./served-pages.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "a good password";
const ATTACKER = "203.0.113.66";

/** It sees attacks, so no other file has it. It believes a proxy on this machine, so that a test can come from any address. */
let usual: Promise<Lectern> | null = null;
const started = (): Promise<Lectern> => (usual ??= startLectern(wholeFile, { trustedProxies: '["127.0.0.1"]' }));

async function signedIn(t: TestContext, lectern: Lectern): Promise<Page> {
  const login = ownName("operator");
  await done(lectern, "POST", "/users", { login, name: login, role: "operator", password: PASSWORD });
  const { body } = await ask(lectern, "POST", "/sessions", { login, password: PASSWORD }, null);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, lectern.http);
  await signInBrowser(page.context(), lectern.http, body.token);
  return page;
}

/** Tries codes that nobody has, until the server holds the address. */
async function attack(lectern: Lectern, from: string): Promise<void> {
  let tries = 0;
  const held = async () =>
    (await done(lectern, "GET", "/protection")).held.some(({ address }: { address: string }) => address === from);
  await until(async () => {
    const codes = Array.from({ length: 50 }, () => `B${String(tries++).padStart(7, "2").replaceAll(/[01]/g, "Z")}`);
    const headers = { "x-forwarded-for": from };
    await Promise.all(codes.map((code) => fetch(`${lectern.http}/api/v1/invitations/${code}`, { headers })));
    return await held();
  }, "a measure");
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const holding = async (lectern: Lectern): Promise<readonly string[]> =>
  (await done(lectern, "GET", "/protection")).held.map(({ address }: { address: string }) => address);

test("exemptions are added with a network or a list, and removed with undo", async (t) => {
  const lectern = await started();
  await done(lectern, "POST", "/address-lists", { name: "Monitoring" });
  const page = await signedIn(t, lectern);
  await page.goto(`${lectern.http}/console/protection/exemptions`);
  await page.getByText("No exemptions. Add one for a network that must never be restricted").waitFor();
  await page.getByRole("button", { name: "Add" }).first().click();
  const form = page.locator("form");
  await form.getByLabel("Address or network").fill("10.20.0.0/33");
  await form.getByRole("button", { name: "Add" }).first().click();
  await page
    .getByRole("alert")
    .getByText(/is not an address such as/)
    .waitFor();
  await form.getByLabel("Address or network").fill("10.20.0.0/16");
  await form.getByLabel("Note").fill("The campus");
  await form.getByRole("button", { name: "Add" }).first().click();
  await row(page, "10.20.0.0/16").getByText("The campus").waitFor();

  await page.getByRole("button", { name: "Add" }).first().click();
  await form
    .getByRole("combobox", { name: "What" })
    .or(form.getByRole("textbox", { name: "What" }))
    .click();
  await page.getByRole("option", { name: "An address list of the installation" }).click();
  await form
    .getByRole("combobox", { name: "Address list" })
    .or(form.getByRole("textbox", { name: "Address list" }))
    .click();
  await page.getByRole("option", { name: "Monitoring" }).click();
  await form.getByRole("button", { name: "Add" }).first().click();
  await row(page, "Monitoring").getByText("Until it is removed").waitFor();

  await page.getByLabel("Select: 10.20.0.0/16").check();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByText("1 exemption removed.").waitFor();
  await row(page, "10.20.0.0/16").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "10.20.0.0/16").getByText("The campus").waitFor();
});

test("an address that attacks is shown with the reason, released, held again, and exempted for good", async (t) => {
  const lectern = await started();
  const page = await signedIn(t, lectern);
  await page.goto(`${lectern.http}/console/protection`);
  await page.getByText("All quiet").waitFor();
  await page.getByText(/^On\. An address that behaves like an attack/).waitFor();

  await attack(lectern, ATTACKER);
  const held = page.getByRole("region", { name: "Restricted now" });
  const attacker = held.getByRole("row").filter({ hasText: ATTACKER });
  await attacker
    .getByText(/^(Tries wrong passwords|Asks for many lessons)/)
    .first()
    .waitFor();
  assert.equal(await page.getByText("All quiet").count(), 0);
  await page.getByRole("button", { name: `Release ${ATTACKER}` }).click();
  await page.getByText(`${ATTACKER} is released. For an hour, no measure is taken against it.`).waitFor();
  await page.getByText("No address is restricted now.").waitFor();
  await page.getByRole("region", { name: "Ended in the last hour" }).getByText(ATTACKER).waitFor();
  assert.deepEqual(await holding(lectern), []);

  const other = "203.0.113.67";
  await attack(lectern, other);
  await page.getByRole("button", { name: `Exempt ${other}` }).click();
  await page.getByText(`${other} is exempt from now on.`).waitFor();
  await page.getByRole("link", { name: "Exemptions", exact: true }).click();
  await row(page, other)
    .getByText(/^Was restricted on /)
    .waitFor();
  await row(page, other).getByText("Until it is removed").waitFor();
  // What an exempt address does is counted and shown, and nothing is done.
  const exempt = "203.0.113.68";
  await done(lectern, "POST", "/protection/exemptions", { network: "203.0.113.68/31" });
  await page.getByRole("link", { name: "Now", exact: true }).click();
  await attack(lectern, exempt);
  await row(page, exempt).getByText("Only counted").waitFor();
  const { items } = await done(lectern, "GET", "/audit?limit=20");
  const actions = items.map(({ action }: { action: string }) => action);
  for (const action of ["protection.release", "exemption.create"]) assert.ok(actions.includes(action), action);
});

test("administrators have no page of protection; where it only watches or is off, it says so", async (t) => {
  const school = await servePages(t, { ...consoleAnswers("administrator"), ...QUIET_HOME });
  const administrator = await school.open("/console");
  await administrator.getByRole("link", { name: "Access" }).waitFor();
  assert.equal(await administrator.getByRole("link", { name: "Protection" }).count(), 0);

  let mode: "watch" | "off" = "watch";
  const held = () => (mode === "watch" ? [COUNTED] : []);
  const getProtection = () => ({ mode, heldCount: held().length, held: held(), ended: [] });
  const { open } = await servePages(t, { ...consoleAnswers("operator"), ...QUIET_HOME, getProtection });
  const page = await open("/console", { locale: "zh-CN" });
  await page.getByRole("link", { name: "安全防护" }).click();
  await page.getByText(/^仅观察。/).waitFor();
  await row(page, ATTACKER).getByText("仅计数").waitFor();
  mode = "off";
  await page.getByText(/^已关闭。/).waitFor();
});

/** As a server has it that only watches. */
const COUNTED: components["schemas"]["BlockedAddress"] = {
  address: ATTACKER,
  measure: "refuse",
  points: 9000,
  because: [{ sign: "wrong-credential", points: 9000 }],
  about: null,
  since: new Date().toISOString(),
  until: new Date(Date.now() + 600_000).toISOString(),
  node: "n1",
  dryRun: true,
};
