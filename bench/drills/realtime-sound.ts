/**
 * Provides the sound of the drill "realtime": the teacher's page beeps at each full second of its clock, and the student's page notes when it hears
 * that. Beside the clock in the picture, this tells how far sound and picture are apart.
 */
import type { Page } from "playwright-core";
import { median } from "../report/table.ts";
import type { SeenFrame } from "./realtime-clock.ts";

const BEEP = { hertz: 1000, seconds: 0.1, aheadMs: 3000 } as const;
const SECOND_MS = 1000;
/** Pictures that are seen within this of a beep are seen with it. */
const NEAR_MS = 300;

/** Makes beeps the sound of `globalThis.camera`. */
export async function playBeeps(page: Page): Promise<void> {
  await page.evaluate(({ hertz, seconds, aheadMs }) => {
    const { camera } = globalThis as unknown as { camera: MediaStream };
    const context = new AudioContext();
    const output = context.createMediaStreamDestination();
    const [oscillator, gain] = [new OscillatorNode(context, { frequency: hertz }), new GainNode(context, { gain: 0 })];
    oscillator.connect(gain).connect(output);
    oscillator.start();
    let planned = Math.ceil(Date.now() / 1000) * 1000;
    const plan = (): void => {
      const toContext = context.currentTime - Date.now() / 1000;
      for (; planned < Date.now() + aheadMs; planned += 1000) {
        const at = planned / 1000 + toContext;
        if (at < context.currentTime) continue;
        gain.gain.setValueAtTime(0.8, at);
        gain.gain.setValueAtTime(0, at + seconds);
      }
    };
    plan();
    setInterval(plan, 500);
    Object.assign(globalThis, { camera: new MediaStream([...camera.getVideoTracks(), ...output.stream.getAudioTracks()]) });
  }, BEEP);
}

/**
 * How much later the sound is than the picture that is seen with it, milliseconds: the median of all beeps. Null where too few were heard.
 * @param frames those of the same page
 */
export function audioAfterVideo(heard: readonly number[], frames: readonly SeenFrame[], from: number, to: number): number | null {
  const apart = heard
    .filter((at) => at >= from && at < to)
    .flatMap((at) => {
      const near = frames.filter((frame) => Math.abs(frame.at - at) < NEAR_MS).map(({ delay }) => delay);
      // A beep is of a full second: of which one, the picture tells.
      return near.length === 0 ? [] : [((at - median(near) + SECOND_MS / 2) % SECOND_MS) - SECOND_MS / 2];
    });
  return apart.length < 3 ? null : Math.round(median(apart));
}
