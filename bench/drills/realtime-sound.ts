/**
 * The sound of the drill "realtime": the teacher's page beeps at each full second of its clock, and the student's page notes when it hears that.
 * Beside the clock in the picture, this tells how far sound and picture are apart.
 */
import type { Page } from "playwright-core";

const BEEP = { hertz: 1000, seconds: 0.1, aheadMs: 3000 } as const;
/** A beep is louder than this; what is quieter for a third of a second is silence. */
const HEARD = { level: 0.05, silenceSeconds: 0.3 } as const;
const SECOND_MS = 1000;

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

/** Notes from now on when a beep of the page's player begins: `heardBeeps`. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(async ({ level, silenceSeconds }) => {
    const heard: number[] = [];
    Object.assign(globalThis, { heard });
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video") as
      | (HTMLVideoElement & { captureStream(): MediaStream })
      | null;
    if (!video) return;
    const context = new AudioContext();
    const code = `registerProcessor("onsets", class extends AudioWorkletProcessor {
      quietSince = -1;
      process([[samples]]) {
        const at = samples ? samples.findIndex((sample) => Math.abs(sample) > ${level}) : -1;
        if (at < 0) return true;
        const time = currentTime + at / sampleRate;
        if (time - this.quietSince > ${silenceSeconds}) this.port.postMessage(time);
        this.quietSince = currentTime + samples.length / sampleRate;
        return true;
      }
    })`;
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const onsets = new AudioWorkletNode(context, "onsets");
    const stream = video.srcObject instanceof MediaStream ? video.srcObject : video.captureStream();
    context.createMediaStreamSource(stream).connect(onsets);
    onsets.port.onmessage = ({ data }) => heard.push(Date.now() - (context.currentTime - data) * 1000);
  }, HEARD);
}

/** Milliseconds since 1970. */
export const heardBeeps = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { heard?: number[] }).heard ?? []);

/**
 * How much later the sound is than the picture, milliseconds; null where too few beeps were heard.
 * @param pictureMs the picture's delay, to which of several seconds a beep belongs
 */
export function soundAfterPicture(heard: readonly number[], from: number, to: number, pictureMs: number): number | null {
  const apart = heard
    .filter((at) => at >= from && at < to)
    .map((at) => ((at - pictureMs + SECOND_MS / 2) % SECOND_MS) - SECOND_MS / 2)
    .sort((a, b) => a - b);
  return apart.length < 3 ? null : Math.round(apart[apart.length >> 1] ?? 0);
}
