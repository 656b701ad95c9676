/** Passkeys in Chromium, with an authenticator that the browser plays: made in the console, then used to sign in alone and after the password. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { newSchool, ownName } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";

const PASSWORD = "a good password";

/** A fingerprint reader whose finger is always right. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
}

async function typePassword(page: Page, login: string): Promise<void> {
  await page.getByLabel("Username").fill(login);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("a person adds a passkey in the console, signs out, and signs in with it: alone, and after the password", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const login = ownName("wang");
  await school.call("POST", "/users", { schoolId: school.id, login, name: "Wang Fang", role: "administrator", password: PASSWORD });
  // Passkeys belong to names, not to addresses.
  const here = server.http.replace("127.0.0.1", "localhost");
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 }, expected: /status of 401/ }, here);
  await addAuthenticator(page);
  await page.goto(`${here}/console/account`);
  await typePassword(page, login);
  const passkeys = page.getByRole("region", { name: "Passkeys" });
  await passkeys.getByText("You have no passkey yet.").waitFor();
  await passkeys.getByLabel("Name of the new passkey").fill("My laptop");
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await passkeys.getByText("The passkey is added.").waitFor();
  await passkeys.getByText("Keep these recovery codes.").waitFor();
  await page.getByText("On, by your passkeys. Recovery codes left: 10.").waitFor();
  await passkeys.getByLabel("Name of the new passkey").fill("Again");
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await passkeys.getByText("This device has a passkey for your account already.").waitFor();

  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await passkeys.getByText(/My laptop .*Last used/).waitFor();
  await passkeys.getByRole("button", { name: "Rename: My laptop" }).click();
  await passkeys.getByLabel("New name").fill("Old laptop");
  await passkeys.getByRole("button", { name: "Save" }).click();
  await passkeys.getByText(/Old laptop/).waitFor();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText("Confirmed. You can make changes for 10 minutes.").waitFor();

  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await typePassword(page, login);
  await page.getByText("Use your passkey, or enter the code").waitFor();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await passkeys.getByRole("button", { name: "Remove: Old laptop" }).click();
  await passkeys.getByText("You have no passkey yet.").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await typePassword(page, login);
  await passkeys.getByText("You have no passkey yet.").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});
