/** Starts Chromium for tests and drills: headless, without outside connections, with a fresh profile. */
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
].flat();

export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export function launchBrowser(program = CHROMIUM): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: FLAGS });
}
