/** Measures latency by protocol: from the publisher's clock to a viewer's socket, and from a clock in the video to the rendered frame in Chromium. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { launchBrowser } from "../../e2e/browser.ts";
import { addedDelay } from "../load/added-delay.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { quantile, round, type Table } from "../report/table.ts";
import { type Running, SERVERS } from "../servers/servers.ts";
import { CLIENT_CORE, compile, output, pause, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

/** The video shows a row of black and white boxes: the time in milliseconds modulo 2^20, in binary. */
const PICTURE = { width: 640, height: 360, fps: 25, bits: 20, box: 32 } as const;
const GREY = 110;

export async function benchLatency(options: BenchOptions): Promise<Table> {
  const clip = benchClip();
  const flvload = compile("flvload", cacheDirectory());
  const seconds = options.quick ? 8 : 20;
  const rows: (string | number | null)[][] = [];
  const [flv, rtmp, low] = SERVERS;
  for (const [server, name] of [
    [flv, "HTTP-FLV"],
    [low, "HTTP-FLV, delay=low"],
    [rtmp, "RTMP"],
  ] as const) {
    if (!server) continue;
    const running = await server.start({ clip: clip.file, bytesPerSecond: clip.bytesPerSecond, floor: "" });
    await pause(2);
    const logs = ["publisher.csv", "viewer.csv"].map((file) => join(cacheDirectory(), file));
    const publisher = publishClip(clip.file, `${running.push}/x`, flvload, logs[0] ?? null);
    await pause(3);
    await output([flvload, "-u", running.play("x"), "-w", "0", "-d", String(seconds), "-T", logs[1] ?? ""], CLIENT_CORE);
    const delay = addedDelay(logs[0] ?? "", logs[1] ?? "");
    rows.push([`${name}: publisher to socket`, delay?.median ?? null, delay?.p99 ?? null]);
    await publisher.stop();
    if (server === flv) {
      for (const [query, transport] of [
        ["", "HTTP-FLV"],
        ["?delay=low", "HTTP-FLV, delay=low"],
        ["?protocol=hls", "low-latency HLS"],
      ] as const) {
        const seen = await toPicture(running, query, seconds);
        rows.push([`${transport}: clock to picture in Chromium`, round(quantile(seen, 0.5), 0), round(quantile(seen, 0.99), 0)]);
      }
    }
    await stop(running.process);
  }
  return {
    title: "Delay on loopback, one viewer",
    columns: ["path", "median ms", "p99 ms"],
    rows,
    notes: [
      "Clock to picture includes libx264 (ultrafast, zerolatency), the server, the player's buffer, and Chromium's decoder on a machine without a GPU, after 20 s of playback.",
    ],
  };
}

async function toPicture(running: Running, query: string, seconds: number): Promise<number[]> {
  const { width, height, fps } = PICTURE;
  const input = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", `${width}x${height}`, "-r", String(fps), "-i", "pipe:0"];
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", String(2 * fps)];
  const name = `clock${query.replaceAll(/\W/g, "")}`;
  const encoder = spawn("ffmpeg", ["-v", "error", ...input, ...encode, "-f", "flv", `${running.push}/${name}`], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  encoder.stdin.on("error", () => {});
  const timer = setInterval(() => encoder.stdin.write(clockFrame(Date.now())), 1000 / fps);
  await pause(3);
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${new URL(running.play(name)).origin}/embed/${name}${query}`);
  // The player approaches the live edge slowly, by its playback rate.
  await pause(20);
  const delays = await page.evaluate(
    ({ bits, box, milliseconds }) => {
      const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
      const canvas = document.createElement("canvas");
      canvas.width = bits * box;
      canvas.height = box;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      return new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const end = performance.now() + milliseconds;
        const look = () => {
          if (!video || !context) return resolve(found);
          context.drawImage(video, 0, 0, bits * box, box, 0, 0, bits * box, box);
          let time = 0;
          for (let i = 0; i < bits; i++)
            if ((context.getImageData(i * box + box / 2, box / 2, 1, 1).data[0] ?? 0) > 128) time += 2 ** i;
          found.push((Date.now() - time + 2 ** bits) % 2 ** bits);
          if (performance.now() < end) video.requestVideoFrameCallback(look);
          else resolve(found);
        };
        video?.requestVideoFrameCallback(look);
      });
    },
    { bits: PICTURE.bits, box: PICTURE.box, milliseconds: seconds * 1000 },
  );
  await browser.close();
  clearInterval(timer);
  encoder.kill("SIGKILL");
  return delays;
}

function clockFrame(now: number): Buffer {
  const { width, height, bits, box } = PICTURE;
  const frame = Buffer.alloc(width * height, GREY);
  for (let i = 0; i < bits; i++) {
    const value = Math.floor(now / 2 ** i) % 2 ? 235 : 16;
    for (let y = 0; y < box; y++) frame.fill(value, y * width + i * box, y * width + (i + 1) * box);
  }
  return frame;
}
