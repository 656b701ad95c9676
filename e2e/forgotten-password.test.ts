/** A forgotten password, through the API and on the sign-in page: one answer for known and unknown people, a link that works once, and what is said without mail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../packages/server/src/platform/api/server.ts";
import { openOwnPage } from "./chromium.ts";
import { newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { startMailServer } from "./mail-server.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { servePages } from "./served-pages.ts";

const PASSWORD = "kettle orange window";
const PHONE = { viewport: { width: 390, height: 844 } };

onPostgresFirst((open) => {
  test("a known and an unknown person get one answer, and the known one a link that works once", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const { ok, call } = await open(t, { mail });
    await ok("POST", "/users", { body: { login: "mei", name: "Li Mei", email: "mei@home.example" } });
    await ok("POST", "/users", { body: { login: "bo", name: "Bo" } });
    assert.equal((await ok("GET", "/sign-on", { as: null })).mailsPasswords, true);
    const ask = (login: string) => call("POST", "/password-resets", { as: null, body: { login } });
    for (const login of ["nobody", "bo", "mei"]) {
      const { status, body } = await ask(login);
      assert.deepEqual([status, body], [202, { accepted: true }], login);
    }
    await until(async () => mails.length > 0, "the mail");
    assert.deepEqual(
      mails.map(({ to }) => to),
      ["mei@home.example"],
    );
    const token = /https:\/\/school\.example\/reset\/([\w-]+)/.exec(mails[0]?.text ?? "")?.[1];
    const use = () => call("POST", `/password-resets/${token}`, { as: null, body: { password: PASSWORD } });
    assert.equal((await use()).status, 204);
    assert.equal((await use()).body.code, "link-expired");
    await ok("POST", "/sessions", { as: null, body: { login: "mei", password: PASSWORD } });
  });
});

test("a person who has forgotten the password is told whom to ask where no mail is set up, in either language", async (t) => {
  const server = await sharedLectern();
  await newSchool(server);
  const page = await openOwnPage(t, { ...PHONE, locale: "zh-CN" }, server.http);
  await page.goto(`${server.http}/console`);
  await page.getByRole("heading", { name: "登录" }).waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByText("First time here?").or(page.getByText("First start of this server")).waitFor();
  assert.equal(await page.getByRole("button", { name: /school account/ }).count(), 0, "no provider is set up");
  await page.getByLabel("Username").fill("mei");
  await page.getByRole("button", { name: "Forgot your password?" }).click();
  await page.getByText("This server sends no mail. Ask an administrator of your school").waitFor();
  await page.getByRole("button", { name: "Back to signing in" }).click();
  assert.equal(await page.getByLabel("Username").inputValue(), "mei");
});

test("the sign-in page asks for the link by the username, and repeats what happens now", async (t) => {
  const asked: string[] = [];
  const { open } = await servePages(t, {
    getMe: () => {
      throw new RefusalError("not-signed-in");
    },
    listSignOn: { items: [], schoolNeeded: false, hasProviders: false, mailsPasswords: true, isFirstStart: false },
    getBrand: { school: null, accent: null, logo: null },
    requestPasswordReset: ({ body }) => {
      asked.push(body.login);
      return { accepted: true };
    },
  });
  const page = await open("/console?forgotten", PHONE);
  await page.getByLabel("Username").fill("mei");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("the link arrives within minutes").waitFor();
  assert.deepEqual(asked, ["mei"]);
});
