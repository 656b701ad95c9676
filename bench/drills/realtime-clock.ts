/**
 * Provides a clock for machines in the published picture: a bar code of milliseconds at the top, drawn by the publisher's page and read from what the
 * viewer's page shows. Both pages are on one machine, and have one clock.
 */
import type { Page } from "playwright-core";

/** Two cells to recognise it, 24 bits of milliseconds, and a check of 6 bits: a cell is wide enough for a small and blurred picture. */
const LAYOUT = { width: 640, height: 360, cells: 32, valueBits: 24, checkBits: 6, stripShare: 1 / 8 } as const;
const FRAMES_PER_SECOND = 20;

/** One frame that a viewer saw. */
export type SeenFrame = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds from drawing to seeing. */
  readonly delay: number;
  readonly engine: string;
};

/** What the publisher told of itself. */
export type SentFigures = {
  readonly at: number;
  readonly kbps: number | null;
  readonly targetKbps: number | null;
  readonly way: string | null;
  readonly phase: string;
};

/**
 * Puts the picture of `globalThis.camera` under the clock and beside noise, which takes all bits that the encoder is given, and makes that the camera.
 * The page is one of `e2e/published-page.ts`.
 */
export async function drawClock(page: Page): Promise<void> {
  await page.evaluate(
    async ({ width, height, cells, valueBits, checkBits, stripShare, fps }) => {
      const { camera } = globalThis as unknown as { camera: MediaStream };
      // The picture is drawn smaller: a larger one would only cost.
      for (const track of camera.getVideoTracks()) await track.applyConstraints({ width, height, frameRate: fps });
      const video = Object.assign(document.createElement("video"), { srcObject: camera, muted: true });
      await video.play();
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d", { alpha: false });
      const noise = new OffscreenCanvas(40, 40);
      const image = new ImageData(40, 40);
      const words = new Uint32Array(image.data.buffer);
      const cell = width / cells;
      const draw = (): void => {
        if (!context) return;
        context.drawImage(video, 0, 0, width, height);
        for (let i = 0; i < words.length; i++) words[i] = 0xff000000 | (Math.random() * 2 ** 24);
        noise.getContext("2d")?.putImageData(image, 0, 0);
        context.drawImage(noise, width / 2, height / 2, width / 2, height / 2);
        const value = Date.now() % 2 ** valueBits;
        const check = (value ^ (value >> 6) ^ (value >> 12) ^ (value >> 18)) & (2 ** checkBits - 1);
        context.fillStyle = "black";
        context.fillRect(0, 0, width, height * stripShare);
        context.fillStyle = "white";
        context.fillRect(0, 0, cell, height * stripShare);
        const bits = [...value.toString(2).padStart(valueBits, "0"), ...check.toString(2).padStart(checkBits, "0")];
        for (const [i, bit] of bits.entries()) if (bit === "1") context.fillRect((i + 2) * cell, 0, cell, height * stripShare);
      };
      draw();
      setInterval(draw, 1000 / fps);
      const drawn = canvas.captureStream(fps).getVideoTracks();
      for (const track of drawn) track.contentHint = "motion";
      Object.assign(globalThis, { camera: new MediaStream([...drawn, ...camera.getAudioTracks()]) });
    },
    { ...LAYOUT, fps: FRAMES_PER_SECOND },
  );
}

/** Notes from now on when the page could run, many times a second: `pageBeats`. A page that stands shows and draws nothing, whatever the line does. */
export async function noteBeats(page: Page): Promise<void> {
  await page.evaluate(() => {
    const beats: number[] = [];
    Object.assign(globalThis, { beats });
    setInterval(() => beats.push(Date.now()), 50);
  });
}

/** Milliseconds since 1970. */
export const pageBeats = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { beats: number[] }).beats);

/** Notes from now on what the publisher of the page tells, twice a second: `sentFigures`. */
export async function noteFigures(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { publisher } = globalThis as unknown as { publisher: import("../../packages/publisher/src/index.ts").Publisher };
    const figures: SentFigures[] = [];
    Object.assign(globalThis, { figures });
    setInterval(() => {
      const { kbps, targetKbps, way } = publisher.statistics();
      figures.push({ at: Date.now(), kbps, targetKbps, way, phase: publisher.state.phase });
    }, 500);
  });
}

export const sentFigures = (page: Page): Promise<SentFigures[]> =>
  page.evaluate(() => (globalThis as unknown as { figures: SentFigures[] }).figures);

/** Reads the clock of each frame that the page's player shows from now on: `seenFrames`. */
export async function readClock(page: Page): Promise<void> {
  await page.evaluate(({ cells, valueBits, checkBits, stripShare }) => {
    const seen: SeenFrame[] = [];
    Object.assign(globalThis, { seen });
    const player = document.querySelector("lectern-player") as unknown as Element & { statistics: { engine: string } };
    const [width, height] = [cells * 10, 8];
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    let last = -1;
    const look = (video: HTMLVideoElement): void => {
      video.requestVideoFrameCallback(() => look(video));
      if (!context || video.videoHeight === 0) return;
      context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight * stripShare, 0, 0, width, height);
      const { data } = context.getImageData(0, height / 2, width, 1);
      const now = Date.now();
      const bits = Array.from({ length: cells }, (_, i) => ((data[(i * 10 + 5) * 4 + 1] ?? 0) > 127 ? "1" : "0")).join("");
      const value = Number.parseInt(bits.slice(2, 2 + valueBits), 2);
      const check = (value ^ (value >> 6) ^ (value >> 12) ^ (value >> 18)) & (2 ** checkBits - 1);
      if (!bits.startsWith("10") || check !== Number.parseInt(bits.slice(2 + valueBits), 2) || value === last) return;
      last = value;
      const span = 2 ** valueBits;
      seen.push({ at: now, delay: (((now - value) % span) + span) % span, engine: player.statistics.engine });
    };
    const video = player.shadowRoot?.querySelector("video");
    if (video) look(video);
  }, LAYOUT);
}

export const seenFrames = (page: Page): Promise<SeenFrame[]> =>
  page.evaluate(() => (globalThis as unknown as { seen: SeenFrame[] }).seen);
