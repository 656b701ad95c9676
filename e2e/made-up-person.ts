/**
 * Provides a person who has no camera: in place of a page's devices, a grey picture that is white for a moment each three seconds, and a beep at the
 * same moments with a pitch of the person's own. And what another page sees and hears of them.
 */
import type { Page } from "playwright-core";

/** From flash to flash, at whole multiples of it since 1970; each is so long. */
export const FLASH = { everyMs: 3000, ms: 300 } as const;
const CAMERA = { width: 640, height: 360, fps: 10 } as const;
const HEARD_LEVEL = 0.02;

/**
 * A script that runs in a page before its own.
 * @param hertz of the person's voice
 * @param beeps false: silent until `speak`
 */
export function madeUpPerson(hertz: number, beeps = true): string {
  return `(${replaceDevices})(${JSON.stringify({ hertz, beeps, flash: FLASH, camera: CAMERA })})`;
}

type Person = { readonly hertz: number; readonly beeps: boolean; readonly flash: typeof FLASH; readonly camera: typeof CAMERA };

function replaceDevices({ hertz, beeps, flash, camera }: Person): void {
  const { mediaDevices } = navigator;
  /** What the sound device has already is not changed any more. */
  const SOON_MS = 50;
  const drawn: { due: number; at: number }[] = [];
  const scheduled: { due: number; seconds: number }[] = [];
  /** How far the clock of 1970 was ahead of the sound's: a page with much to do lets its sound wait, and makes up for some of it. */
  const clocks: { at: number; ahead: number }[] = [];
  const beepsMade = () =>
    scheduled.map(({ due, seconds }) => {
      const near = clocks.filter(({ at }) => Math.abs(at - due) < flash.everyMs).map(({ ahead }) => ahead);
      return { due, at: seconds * 1000 + Math.min(...near) };
    });
  Object.assign(globalThis, { flashesDrawn: drawn, beepsMade });
  const openMicrophone = async (): Promise<MediaStreamTrack> => {
    // A voice needs no more, and six of them are cheaper.
    const context = new AudioContext({ sampleRate: 16_000 });
    await context.resume();
    const [beep, speech] = [new GainNode(context, { gain: 0 }), new GainNode(context, { gain: 0 })];
    const tone = new OscillatorNode(context, { frequency: hertz });
    const out = context.createMediaStreamDestination();
    for (const gain of [beep, speech]) tone.connect(gain).connect(out);
    tone.start();
    const speak = (milliseconds: number): number => {
      const at = context.currentTime + SOON_MS / 1000;
      speech.gain.setValueAtTime(0.5, at);
      speech.gain.setValueAtTime(0, at + milliseconds / 1000);
      return Date.now() + SOON_MS;
    };
    Object.assign(globalThis, { speak });
    let next = 0;
    const schedule = (): void => {
      clocks.push({ at: Date.now(), ahead: Date.now() - context.currentTime * 1000 });
      const due = Math.ceil((Date.now() + 20) / flash.everyMs) * flash.everyMs;
      if (due === next || due - Date.now() > 1000) return;
      next = due;
      const at = context.currentTime + (due - Date.now()) / 1000;
      scheduled.push({ due, seconds: at });
      beep.gain.setValueAtTime(0.3, at);
      beep.gain.setValueAtTime(0, at + flash.ms / 1000);
    };
    if (beeps) setInterval(schedule, 250);
    return out.stream.getAudioTracks()[0] as MediaStreamTrack;
  };
  const openCamera = (): MediaStreamTrack => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: camera.width, height: camera.height });
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    const [track] = canvas.captureStream(0).getVideoTracks() as [CanvasCaptureMediaStreamTrack];
    let frames = 0;
    const draw = (): void => {
      if (track.readyState === "ended") return;
      const now = Date.now();
      const isWhite = now % flash.everyMs < flash.ms;
      pen.fillStyle = isWhite ? "#fff" : "#404040";
      pen.fillRect(0, 0, camera.width, camera.height);
      // Something moves, so that no frame is left out.
      pen.fillStyle = "#808080";
      pen.fillRect((frames++ % 16) * 40, 340, 40, 20);
      const due = now - (now % flash.everyMs);
      if (isWhite && drawn.at(-1)?.due !== due) drawn.push({ due, at: now });
      track.requestFrame();
      const each = 1000 / camera.fps;
      setTimeout(draw, each - (Date.now() % each));
    };
    draw();
    return track;
  };
  mediaDevices.getUserMedia = async ({ audio, video } = {}) =>
    new MediaStream([...(audio ? [await openMicrophone()] : []), ...(video ? [openCamera()] : [])]);
}

/** The person says something for so long, louder than the beeps. Gives when it begins, milliseconds since 1970. */
export function speak(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate((ms) => (globalThis as unknown as { speak(ms: number): number }).speak(ms), milliseconds);
}

/** When a page's own flashes were due, and when they were drawn, milliseconds since 1970. */
export function flashesDrawn(page: Page): Promise<{ due: number; at: number }[]> {
  return page.evaluate(() => (globalThis as unknown as { flashesDrawn: { due: number; at: number }[] }).flashesDrawn);
}

/** When a page's own beeps were due, and when they come in its sound, milliseconds since 1970. */
export function beepsMade(page: Page): Promise<{ due: number; at: number }[]> {
  return page.evaluate(() => (globalThis as unknown as { beepsMade(): { due: number; at: number }[] }).beepsMade());
}

export type Perceived = {
  /** Pictures that were shown meanwhile. */
  readonly frames: number;
  /** Lines of the newest one. */
  readonly lines: number;
  /** The beep of this person was heard. */
  readonly isHeard: boolean;
  readonly engine: string;
  readonly state: string;
};

/**
 * What comes of each person on a page, until there is enough of all of them, or the time is up.
 * @param hertz of the beep of each person, by name
 * @param enough frames of each person, and a beep
 */
export function perceive(
  page: Page,
  hertz: Readonly<Record<string, number>>,
  enough: number,
  limitMs: number,
): Promise<Record<string, Perceived>> {
  return page.evaluate(watchTiles, { hertz, enough, limitMs, heardLevel: HEARD_LEVEL });
}

type Watch = {
  readonly hertz: Readonly<Record<string, number>>;
  readonly enough: number;
  readonly limitMs: number;
  readonly heardLevel: number;
};

async function watchTiles({ hertz, enough, limitMs, heardLevel }: Watch): Promise<Record<string, Perceived>> {
  type Player = HTMLElement & { readonly state: string; readonly statistics: { readonly engine: string } };
  type Ear = { readonly track: MediaStreamTrack; readonly analyser: AnalyserNode };
  const context = new AudioContext({ latencyHint: "playback" });
  await context.resume();
  const samples = new Float32Array(8192);
  const ears = new Map<string, Ear>();
  const seen = new Map<string, { frames: number; before: number; video: HTMLVideoElement | null; isHeard: boolean }>();
  for (const name of Object.keys(hertz)) seen.set(name, { frames: 0, before: 0, video: null, isHeard: false });

  const listenTo = (node: AudioNode): AnalyserNode => {
    const analyser = new AnalyserNode(node.context, { fftSize: samples.length });
    node.connect(analyser);
    return analyser;
  };
  /** What an element plays itself can be led away from it once, and for good. */
  const ofElement = (video: HTMLVideoElement): AnalyserNode => {
    const known = globalThis as unknown as { elementEars?: { context: AudioContext; of: Map<HTMLVideoElement, AnalyserNode> } };
    known.elementEars ??= { context: new AudioContext({ latencyHint: "playback" }), of: new Map() };
    const { context, of } = known.elementEars;
    const analyser = of.get(video) ?? listenTo(context.createMediaElementSource(video));
    analyser.connect(context.destination);
    of.set(video, analyser);
    return analyser;
  };
  /** A player that changes its connection has other tracks. */
  const earOf = (name: string, video: HTMLVideoElement): AnalyserNode | null => {
    if (!(video.srcObject instanceof MediaStream)) return ofElement(video);
    const [track] = video.srcObject.getAudioTracks();
    const before = ears.get(name);
    if (!track || before?.track === track) return before?.analyser ?? null;
    const analyser = listenTo(context.createMediaStreamSource(new MediaStream([track])));
    ears.set(name, { track, analyser });
    return analyser;
  };
  const levelAt = (analyser: AnalyserNode, frequency: number): number => {
    analyser.getFloatTimeDomainData(samples);
    let [re, im] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const angle = (2 * Math.PI * frequency * i) / analyser.context.sampleRate;
      re += (samples[i] ?? 0) * Math.cos(angle);
      im += (samples[i] ?? 0) * Math.sin(angle);
    }
    return (2 * Math.hypot(re, im)) / samples.length;
  };
  const playerOf = (name: string) => document.querySelector<Player>(`.tile-of-person lectern-player[aria-label="${name}"]`);
  const look = (): boolean => {
    let isEnough = true;
    for (const [name, one] of seen) {
      const video = playerOf(name)?.shadowRoot?.querySelector("video");
      if (video) {
        const { totalVideoFrames } = video.getVideoPlaybackQuality();
        // Another element, and another connection, begins to count again.
        if (one.video === video && totalVideoFrames > one.before) one.frames += totalVideoFrames - one.before;
        one.before = totalVideoFrames;
        one.video = video;
        const ear = one.isHeard || video.muted ? null : earOf(name, video);
        if (ear && levelAt(ear, hertz[name] ?? 0) > heardLevel) one.isHeard = true;
      }
      isEnough &&= one.isHeard && one.frames >= enough;
    }
    return isEnough;
  };
  const end = performance.now() + limitMs;
  while (!look() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 120));
  await context.close();
  const figures = [...seen].map(([name, { frames, isHeard, video }]) => {
    const player = playerOf(name);
    const [engine, state] = [player?.statistics.engine ?? "", player?.state ?? ""];
    return [name, { frames, isHeard, lines: video?.videoHeight ?? 0, engine, state }] as const;
  });
  return Object.fromEntries(figures);
}
