/** Looks at what the viewer of a player sees, at each frame of the screen: the video, or the last frame over it. */
import type { Page } from "playwright-core";

/** longestStopMs: between two frames of the picture; blackFrames: of the screen. */
export type Seen = { readonly longestStopMs: number; readonly blackFrames: number };

/** Looks at each frame of the screen from now on. @returns what was seen since then, or since it was asked last */
export async function watchScreen(page: Page): Promise<() => Promise<Seen>> {
  await page.evaluate(() => {
    const seen = { longestStopMs: 0, blackFrames: 0 };
    (window as unknown as { seen: typeof seen }).seen = seen;
    const root = document.querySelector("lectern-player")?.shadowRoot;
    const [video, lastFrame] = [root?.querySelector("video"), root?.querySelector("canvas")];
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: 32, height: 18 });
    const context = copy.getContext("2d", { willReadFrequently: true });
    if (!video || !lastFrame || !context) return;
    let shownAt = performance.now();
    const onFrame = (now: number): void => {
      seen.longestStopMs = Math.max(seen.longestStopMs, now - shownAt);
      shownAt = now;
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    const look = (): void => {
      context.fillStyle = "black";
      context.fillRect(0, 0, 32, 18);
      context.drawImage(lastFrame.hidden ? video : lastFrame, 0, 0, 32, 18);
      const { data } = context.getImageData(0, 0, 32, 18);
      if (data.every((value, i) => i % 4 === 3 || value < 16)) seen.blackFrames++;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return () =>
    page.evaluate(() => {
      const { seen } = window as unknown as { seen: { longestStopMs: number; blackFrames: number } };
      const now = { ...seen };
      seen.longestStopMs = 0;
      return now;
    });
}
