/** Opens a page in a form, takes its picture in each theme, and says what is wrong with it: what axe finds, what is too wide or too small for a finger, what the browser complains of. */

import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { allAxeFaults } from "../axe-faults.ts";
import { until } from "../lectern.ts";
import { overflowing, smallTargets } from "../page-faults.ts";
import { signInBrowser } from "../sign-in-browser.ts";
import { DEVICES, type Device, formName, LANGUAGES, type Language, type Theme } from "./forms.ts";
import type { ShownPage } from "./pages.ts";

/** A page that is not there by then is a fault. */
const READY_MS = 20_000;
/** What a change of the theme, or the last answer of the server, needs to be drawn. */
const SETTLE_MS = 500;
const QUALITY = 80;

export type Shot = { readonly page: string; readonly form: string; readonly file: string };
export type Job = {
  readonly page: ShownPage;
  readonly device: Device;
  readonly language: Language;
  readonly themes: readonly Theme[];
};

export type Shooting = {
  readonly browser: Browser;
  readonly directory: string;
  /** Of pages that name none. */
  readonly server: string;
};

/** The pictures that were taken, and what was wrong. */
export async function shoot(
  { browser, directory, server }: Shooting,
  { page: shown, device, language, themes }: Job,
): Promise<{ shots: Shot[]; faults: string[] }> {
  const context = await browser.newContext({
    ...DEVICES[device],
    locale: LANGUAGES[language],
    timezoneId: "Asia/Shanghai",
    colorScheme: themes[0] ?? "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(READY_MS);
  const shots: Shot[] = [];
  const faults: string[] = [];
  const at = `${shown.name} ${device} ${language}`;
  try {
    const page = await openShown(context, shown, shown.server ?? server, (text) => faults.push(`${at}: ${text}`));
    for (const theme of themes) {
      const form = formName({ device, language, theme });
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(SETTLE_MS);
      const file = join(directory, `${shown.name}-${form}.jpeg`);
      await page.screenshot({ path: file, type: "jpeg", quality: QUALITY });
      shots.push({ page: shown.name, form, file });
      const small = "hasTouch" in DEVICES[device] ? await smallTargets(page) : [];
      for (const fault of [...(await overflowing(page)), ...small, ...(await allAxeFaults(page))])
        faults.push(`${shown.name} ${form}: ${fault}`);
    }
  } catch (error) {
    faults.push(`${at}: ${String(error).split("\n")[0]}`);
    await context
      .pages()[0]
      ?.screenshot({ path: join(directory, `failed-${shown.name}-${device}-${language}.jpeg`), type: "jpeg" });
  } finally {
    await context.close();
  }
  return { shots, faults };
}

async function openShown(
  context: BrowserContext,
  shown: ShownPage,
  server: string,
  complain: (text: string) => void,
): Promise<Page> {
  const { token, entry, path, ready, plays, prepare, name, complaint } = shown;
  if (token) await signInBrowser(context, server, token);
  const page = await context.newPage();
  page.on("console", (message) => {
    const isExpected = complaint?.test(message.text()) ?? false;
    if ((message.type() === "error" || message.type() === "warning") && !isExpected)
      complain(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complain(String(error)));
  if (entry) await page.addInitScript(({ key, value }) => sessionStorage.setItem(key, value), entry);
  // The offline page leaves as soon as the server answers.
  if (name === "offline") await page.route("**/healthz", (route) => route.abort("connectionrefused"));
  await page.goto(server + path);
  await page.locator(ready).first().waitFor();
  if (plays) await until(() => isPlaying(page), `${name}: a picture that moves`, READY_MS);
  await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => {});
  await until(() => page.evaluate(() => document.fonts.status === "loaded"), "letters");
  await prepare?.(page);
  return page;
}

const isPlaying = (page: Page): Promise<boolean> =>
  page.evaluate(() => (document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.currentTime ?? 0) > 0.3);
