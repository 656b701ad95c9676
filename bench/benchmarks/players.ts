/**
 * Measures what a viewer's page shows, in Chromium: how soon the first picture comes, how long the picture stands, and how far behind the camera it
 * is. Beside each engine of the player, the floor: the same picture as a file, which the browser plays by itself.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../e2e/browser.ts";
import { browserClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { quantile, round, type Table } from "../report/table.ts";
import { startLectern } from "../servers/servers.ts";
import { compile, pause, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

type Seen = {
  /** From the beginning of the navigation. */
  readonly firstFrameOfVideoMs: number;
  /** The time beyond `STILL_MS` of each pause between two pictures. */
  readonly stoodMs: number;
};

const ENGINES = [
  ["HTTP-FLV", "?protocol=flv"],
  ["HTTP-FLV, delay=low", "?protocol=flv&latency=low"],
  ["low-latency HLS", "?protocol=hls"],
  ["WHEP", "?protocol=whep"],
] as const;
/** The pause between two pictures that nobody sees. */
const STILL_MS = 150;

export async function benchPlayers(options: BenchOptions): Promise<Table> {
  const repeats = options.quick ? 3 : 10;
  const watchMs = options.quick ? 5000 : 15_000;
  const files = await serveFile(asMp4(browserClip()));
  const lectern = await startLectern([], null, null);
  const publisher = publishClip(browserClip(), `${lectern.push}/x`, compile("flvload", cacheDirectory()), null);
  const browser = await launchBrowser();
  const pages = [
    ["file", `http://127.0.0.1:${(files.address() as AddressInfo).port}/`] as const,
    ...ENGINES.map(([name, query]) => [name, `http://127.0.0.1:${lectern.httpPort}/embed/x${query}`] as const),
  ];
  const seen = new Map(pages.map(([name]) => [name, [] as Seen[]]));
  await pause(5);
  for (let i = 0; i < repeats; i++) for (const [name, url] of pages) seen.get(name)?.push(await watch(browser, url, watchMs));
  await browser.close();
  await publisher.stop();
  await stop(lectern.process);
  files.close();
  return {
    title: `A viewer's page in Chromium, ${repeats} visits of ${watchMs / 1000} s each, in turn`,
    columns: ["engine", "first picture ms, median", "first picture ms, most", "stood still ms in a minute"],
    rows: pages.map(([name]) => {
      const visits = seen.get(name) ?? [];
      const first = visits.map(({ firstFrameOfVideoMs }) => firstFrameOfVideoMs);
      const stood = visits.reduce((sum, { stoodMs }) => sum + stoodMs, 0);
      return [name, round(quantile(first, 0.5), 0), round(Math.max(...first), 0), round((stood * 60_000) / (watchMs * repeats), 0)];
    }),
    notes: ["The file is an MP4 of the same picture on a page of its own. Each visit has a fresh profile: nothing is cached."],
  };
}

async function watch(browser: Browser, url: string, watchMs: number): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: 640, height: 360 } });
  // Runs before the scripts of the page, which makes the video later.
  await context.addInitScript(() => {
    const frames: number[] = [];
    Object.assign(globalThis, { frames });
    const find = (): void => {
      const player = document.querySelector("lectern-player");
      const video = (player?.shadowRoot ?? document).querySelector("video");
      if (!video) return void setTimeout(find, 5);
      const look = (): void => {
        frames.push(performance.now());
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    };
    find();
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as unknown as { frames: number[] }).frames.length > 0);
  await pause(watchMs / 1000);
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  await context.close();
  const pauses = frames.slice(1).map((at, i) => at - (frames[i] ?? at));
  return {
    firstFrameOfVideoMs: frames[0] ?? Number.NaN,
    stoodMs: pauses.reduce((sum, ms) => sum + Math.max(0, ms - STILL_MS), 0),
  };
}

/** Made once: the same pictures, begun again for as long as anybody watches. */
function asMp4(flv: string): string {
  const file = join(cacheDirectory(), "players.mp4");
  if (!existsSync(file))
    execFileSync("ffmpeg", ["-v", "error", "-y", "-i", flv, "-c", "copy", "-an", "-movflags", "+faststart", file]);
  return file;
}

async function serveFile(file: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html");
      return response.end('<!doctype html><video src="clip.mp4" autoplay muted loop></video>');
    }
    response.writeHead(200, { "content-type": "video/mp4", "content-length": statSync(file).size });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
