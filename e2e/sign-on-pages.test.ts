/**
 * Sign-on by SAML and CAS in Chromium: an administrator sets providers up in the console, and people sign in through pages of another site.
 * SCREENSHOTS=folder keeps pictures. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { startCasServer } from "./cas-server.ts";
import { openPage } from "./chromium.ts";
import { newSchool, type School, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import type { Lectern } from "./lectern.ts";
import { startIdentityProvider } from "./saml-identity-provider.ts";

async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Opens the sign-in page of a school as a stranger, and presses the button of a provider. */
async function startSignIn(t: TestContext, server: Lectern, school: School, button: string, locale: string): Promise<Page> {
  const page = await openPage(t, { locale, viewport: { width: 1000, height: 800 }, expected: /status of 40[0-9]/ });
  await page.goto(`${server.http}/console/people`);
  const other = page.getByRole("button", { name: locale === "zh-CN" ? "使用学校账号登录" : "Sign in with a school account" });
  await other.click();
  await page.getByLabel(locale === "zh-CN" ? /^学校/ : /^School/).fill(school.slug);
  const choice = page.getByRole("button", { name: button });
  await choice.waitFor();
  await keep(page, `sign-in-${locale}`);
  await choice.click();
  return page;
}

/** Waits for the console. @returns name and role of who is signed in */
async function whoIsIn(page: Page): Promise<readonly string[]> {
  await page.getByText(/^(?:Sign out|退出登录)$/).waitFor();
  const { user } = await page.evaluate(async () => (await fetch("/api/v1/me")).json());
  return [user.name, user.role];
}

async function addProvider(page: Page, kind: string, fill: () => Promise<void>): Promise<void> {
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("combobox", { name: "Protocol" }).click();
  await page.getByRole("option", { name: kind }).click();
  await fill();
  await page.getByLabel("Claim or attribute with roles").fill("groups");
  await page.getByLabel(/^Roles, such as/).fill("staff=teacher");
}

test("an administrator adds SAML by the address of its metadata, and a teacher signs in by a form that another site posts", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  // `localhost` is another site than 127.0.0.1.
  const idp = await startIdentityProvider(t, "localhost");
  idp.accounts.set("t1", { displayName: ["Wang Fang"], uid: ["wang"], groups: ["staff"] });
  const page = await signedIn(t, server, school, "/providers");
  await addProvider(page, "SAML 2.0", async () => {
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Campus account");
    await page.getByLabel("Metadata of the identity provider").fill(`${idp.origin}/metadata`);
    await page.getByText("More settings").click();
    await keep(page, "console-saml-form");
  });
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText(`Register this server at the identity provider by its metadata: ${server.http}/api/v1/sign-on/`).waitFor();
  await page.getByRole("button", { name: "Test: Campus account" }).click();
  await page.getByText("“Campus account” can be reached.").waitFor();
  await keep(page, "console-providers");
  const person = await startSignIn(t, server, school, "Sign in with Campus account", "en-US");
  await person.waitForURL(`${idp.origin}/**`);
  await person.getByRole("button", { name: "Sign in as t1" }).click();
  assert.deepEqual(await whoIsIn(person), ["Wang Fang", "teacher"]);
  await keep(person, "signed-in-saml");
  // What a page posts that no flow waits for is refused in words.
  const stranger = await openPage(t, { viewport: { width: 1000, height: 800 }, expected: /status of 401/ });
  const [provider] = (await school.call("GET", "/providers")).items;
  await stranger.goto(`${idp.origin}/page`);
  await stranger.setContent(
    `<form method="post" action="${provider.redirectUri}"><input name="SAMLResponse" value="x&quot;&gt;&lt;script&gt;"><button>Go</button></form>`,
  );
  await stranger.getByRole("button", { name: "Go" }).click();
  await stranger.getByRole("alert").waitFor();
  assert.match((await stranger.getByRole("alert").textContent()) ?? "", /longer than ten minutes/);
  await keep(stranger, "refused");
});

test("in Chinese, a student signs in by CAS", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const cas = await startCasServer(t, "localhost");
  cas.accounts.set("s1", { displayName: "李雷", groups: "pupils" });
  const page = await signedIn(t, server, school, "/providers", { options: { locale: "zh-CN" } });
  await page.getByRole("button", { name: "添加", exact: true }).click();
  await page.getByRole("combobox", { name: "协议" }).click();
  await page.getByRole("option", { name: "CAS 3.0" }).click();
  await page.getByRole("textbox", { name: "名称", exact: true }).fill("统一身份认证");
  await page.getByLabel("CAS 服务器地址").fill(cas.address);
  await keep(page, "console-cas-form-zh");
  await page.getByRole("button", { name: "创建", exact: true }).click();
  await page.getByText("请在 CAS 服务器上允许这个服务").waitFor();
  const person = await startSignIn(t, server, school, "使用 统一身份认证 登录", "zh-CN");
  assert.deepEqual(await whoIsIn(person), ["李雷", "student"]);
  await keep(person, "signed-in-cas-zh");
});
