/** Short tones in place of a page's microphone, and when they are heard on another page: both pages are on one machine, and have one clock. */
import type { Page } from "playwright-core";

const PULSE_EACH_MS = 3000;

/** Runs in a page before its own scripts: its microphone is silent, but for `speak()`, which gives the time at which it speaks. */
export function speakPulses(): void {
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await original(wanted);
    const [microphone] = stream.getAudioTracks();
    if (!microphone) return stream;
    const context = new AudioContext();
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: 1000 });
    const out = context.createMediaStreamDestination();
    tone.connect(gain).connect(out);
    tone.start();
    await context.resume();
    const speak = (): number => {
      const at = context.currentTime + 0.1;
      gain.gain.setValueAtTime(0.5, at);
      gain.gain.setValueAtTime(0, at + 0.15);
      return Date.now() + 100;
    };
    Object.assign(globalThis, { speak });
    stream.removeTrack(microphone);
    microphone.stop();
    for (const track of out.stream.getAudioTracks()) stream.addTrack(track);
    return stream;
  };
}

/** Notes from now on when a tone begins in what a player of the page plays: `heardPulses`. @param selector of the player's element */
export async function hearPulses(page: Page, selector: string): Promise<void> {
  await page.locator(selector).evaluate(async (player) => {
    const video = player.shadowRoot?.querySelector("video") as HTMLVideoElement & { captureStream(): MediaStream };
    const stream = video.srcObject instanceof MediaStream ? video.srcObject : video.captureStream();
    const context = new AudioContext();
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 256 });
    context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
    const heard: number[] = [];
    const samples = new Float32Array(256);
    let loudAt = 0;
    Object.assign(globalThis, { heard });
    setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) < 0.02) return;
      const now = Date.now();
      if (now - loudAt > 500) heard.push(now);
      loudAt = now;
    }, 4);
  });
}

/**
 * Speaks so often, and waits.
 * @returns for each listener the delays in order of size, milliseconds from speaking to hearing; a tone that was not heard has none
 */
export async function pulseDelays(speaker: Page, listeners: readonly Page[], count: number): Promise<number[][]> {
  const spoken: number[] = [];
  for (let i = 0; i < count; i++) {
    spoken.push(await speaker.evaluate(() => (globalThis as unknown as { speak(): number }).speak()));
    await speaker.waitForTimeout(PULSE_EACH_MS);
  }
  return await Promise.all(
    listeners.map(async (listener) => {
      const heard = await listener.evaluate(() => (globalThis as unknown as { heard: number[] }).heard);
      const delays = spoken.flatMap((at) => {
        const first = heard.find((other) => other >= at && other < at + PULSE_EACH_MS);
        return first === undefined ? [] : [first - at];
      });
      return delays.sort((a, b) => a - b);
    }),
  );
}
