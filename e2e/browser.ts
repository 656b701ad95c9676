/** Starts Chromium for tests and drills: headless, without outside connections, with a fresh profile. */
import { join } from "node:path";
import type { Browser, LaunchOptions } from "playwright-core";
import { noteStart } from "./artefacts.ts";

/** Of several lists, Chromium takes the last one: this is Playwright's, for Linux, and the two pages below the address line of each window, a third of what it costs. */
const LEFT_OUT = [
  ["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable"],
  ["LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"],
  ["OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"],
  ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
].flat();

const FLAGS = [
  ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  // Playwright can lose a frame that moves to a process of its own while its page loads: it then waits for it until its time is up. Cookies and
  // storage are those of the site in either case.
  ["--disable-site-isolation-trials"],
  [`--disable-features=${LEFT_OUT.join()}`],
].flat();

/** A camera that shows a pattern with a clock, a microphone that beeps each second, and a person who allows both. */
export const FAKE_DEVICES = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** The program that the environment names in `CHROMIUM`, or Debian's, without root's priority over all other programs of the machine. */
export const CHROMIUM = join(import.meta.dirname, "plain-chromium.sh");

/** @param more flags of its command line */
export function browserOptions(more: readonly string[] = [], program = CHROMIUM): LaunchOptions {
  return { executablePath: program, args: [...FLAGS, ...more] };
}

export async function launchBrowser(program = CHROMIUM, more: readonly string[] = []): Promise<Browser> {
  noteStart("browser");
  // Most files open no page, and Playwright is most of what they would load.
  const { chromium } = await import("playwright-core");
  return await chromium.launch(browserOptions(more, program));
}
