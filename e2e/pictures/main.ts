/**
 * Takes pictures of every page of a school that is full of life, on a phone, a tablet, a desktop and a television, in both languages, light and
 * dark, into .cache/pictures; and says what axe finds on them, what is too wide and what the browser complains of. Ends with 1 where there is anything.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHROMIUM, launchBrowser } from "../browser.ts";
import type { Scope } from "../lectern.ts";
import { isInDocs, writeDocsImages } from "./docs-images.ts";
import { DEVICES, type Device, LANGUAGES, type Language, THEMES, type Theme } from "./forms.ts";
import { devicesOf, pagesOf, type ShownPage } from "./pages.ts";
import { writeSheet } from "./sheets.ts";
import { type Job, type Shot, shoot } from "./shoot.ts";
import { openWorld } from "./world.ts";

const DIRECTORY = join(import.meta.dirname, "../../.cache/pictures");
const MADE_UP_DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=10"];
/** One page is drawn while another waits for the server. */
const LANES = 2;
const HELP = `script/pictures: pictures of every page, in .cache/pictures

  --pages PATTERN     only pages whose names match (a regular expression)
  --devices LIST      of ${Object.keys(DEVICES).join(", ")}; all unless you say otherwise
  --languages LIST    of ${Object.keys(LANGUAGES).join(", ")}
  --themes LIST       of ${THEMES.join(", ")}
  --docs              only what the documents show, and write it to docs/images
`;

const { values } = parseArgs({
  options: {
    pages: { type: "string", default: "" },
    devices: { type: "string", default: Object.keys(DEVICES).join() },
    languages: { type: "string", default: Object.keys(LANGUAGES).join() },
    themes: { type: "string", default: THEMES.join() },
    docs: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/** Those of a list that were asked for. */
function chosen<Name extends string>(all: readonly Name[], asked: string): readonly Name[] {
  const wanted = asked.split(",");
  const unknown = wanted.filter((name) => !all.includes(name as Name));
  if (unknown.length === 0) return all.filter((name) => wanted.includes(name));
  process.stderr.write(`lectern: there is no ${unknown.join(", ")}; there are ${all.join(", ")}\n`);
  process.exit(2);
}

const devices = chosen(Object.keys(DEVICES) as Device[], values.devices);
const languages = chosen(Object.keys(LANGUAGES) as Language[], values.languages);
const themes = chosen<Theme>(THEMES, values.themes);

const ends: (() => unknown)[] = [];
const scope: Scope = {
  after: (end: unknown) => {
    if (typeof end === "function") ends.push(() => end());
  },
  diagnostic: (text) => void process.stderr.write(`${text}\n`),
};
let ending: Promise<void> | null = null;
/** Ends what was started, once: a second call waits for the same end. */
const end = (): Promise<void> => {
  ending ??= endAll();
  return ending;
};

async function endAll(): Promise<void> {
  for (const one of ends.splice(0).reverse()) {
    try {
      await one();
    } catch (error) {
      // The others end all the same.
      process.stderr.write(`lectern: ${String(error)}\n`);
    }
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end().finally(() => process.exit(130)));

try {
  process.exitCode = (await takePictures()) === 0 ? 0 : 1;
} finally {
  await end();
}

/** @returns how many faults there are */
async function takePictures(): Promise<number> {
  const browser = await launchBrowser(CHROMIUM, MADE_UP_DEVICES);
  scope.after(() => browser.close());
  process.stderr.write("lectern: opening the school\n");
  const world = await openWorld(scope, browser);
  const pages = (await pagesOf(world)).filter(({ name }) => new RegExp(values.pages).test(name));
  if (values.pages === "") rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(join(DIRECTORY, "sheets"), { recursive: true });
  const jobs = pages.flatMap((page) =>
    devicesOf(page)
      .filter((device) => devices.includes(device))
      .flatMap((device) =>
        languages.map((language): Job => ({ page, device, language, themes: themesOf(page, device, language) })),
      ),
  );
  const { shots, faults } = await takeAll(
    jobs.filter(({ themes }) => themes.length > 0),
    (job) => shoot({ browser, directory: DIRECTORY, server: world.server.http }, job),
  );
  for (const { name } of pages)
    await writeSheet(browser, DIRECTORY, name, join(DIRECTORY, "sheets", `${name}.jpeg`), {
      format: "jpeg",
      quality: 82,
      isWhole: true,
    });
  if (values.docs) await writeDocsImages(browser, DIRECTORY, pages);
  process.stderr.write(`lectern: ${shots.length} pictures of ${pages.length} pages in .cache/pictures, ${faults.length} faults\n`);
  return faults.length;
}

function themesOf(page: ShownPage, device: Device, language: Language): readonly Theme[] {
  return values.docs ? themes.filter((theme) => isInDocs(page, { device, language, theme })) : themes;
}

async function takeAll(
  jobs: readonly Job[],
  take: (job: Job) => ReturnType<typeof shoot>,
): Promise<{ shots: Shot[]; faults: string[] }> {
  const waiting = [...jobs];
  const shots: Shot[] = [];
  const faults: string[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const taken = await take(next);
      shots.push(...taken.shots);
      faults.push(...taken.faults);
      for (const fault of taken.faults) process.stdout.write(`${fault}\n`);
      if (process.stderr.isTTY) process.stderr.write(`\r${jobs.length - waiting.length} of ${jobs.length} `);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { shots, faults };
}
