/** Notes when a player's beeps are heard, whatever it plays with. */
import type { Page } from "playwright-core";

/** A beep is louder than this; what is quieter for a third of a second is silence. */
const HEARD = { level: 0.05, silenceSeconds: 0.3 } as const;

/** Notes from now on when a beep of the page's player begins: `heardBeeps`. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(async ({ level, silenceSeconds }) => {
    const heard: number[] = [];
    Object.assign(globalThis, { heard });
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
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
    const { srcObject } = video;
    // What is captured of an element comes later than it is heard, each time by another time; its source does not.
    const sound =
      srcObject instanceof MediaStream ? context.createMediaStreamSource(srcObject) : context.createMediaElementSource(video);
    sound.connect(onsets);
    if (!(srcObject instanceof MediaStream)) sound.connect(context.destination);
    onsets.port.onmessage = ({ data }) => heard.push(Date.now() - (context.currentTime - data) * 1000);
  }, HEARD);
}

/** Milliseconds since 1970. */
export const heardBeeps = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { heard?: number[] }).heard ?? []);
