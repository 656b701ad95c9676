/** Tells when a page hears the words that a made-up person says in another one: both pages are on one machine, and have one clock. */
import type { Page } from "playwright-core";
import { speak } from "./made-up-person.ts";

const WORD_MS = 200;
/** A word that is heard later counts as lost. */
const LOST_MS = 10_000;
/** Between words, so that none is taken for another. */
const PAUSE_MS = 1500;

type Listening = { readonly id: string; readonly hertz: number };

/**
 * A script that runs in a page before its own. Chromium gives an element's sound to one capture only: without it, a test that listens to a tile that plays
 * by FLV in the studio takes the voice out of what the studio publishes.
 */
export const SHARE_CAPTURES = `(${shareCaptures})();`;

function shareCaptures(): void {
  type Capturing = HTMLMediaElement & { captureStream(): MediaStream };
  const { prototype } = HTMLMediaElement as unknown as { prototype: Capturing };
  const { captureStream } = prototype;
  const captured = new WeakMap<HTMLMediaElement, MediaStream>();
  prototype.captureStream = function (this: Capturing): MediaStream {
    const before = captured.get(this);
    const tracks = before?.getTracks() ?? [];
    if (before && tracks.length > 0 && tracks.every(({ readyState }) => readyState === "live")) return before;
    const stream = captureStream.call(this);
    captured.set(this, stream);
    return stream;
  };
}

/**
 * Listens from now on to what a player of the page plays.
 * @param selector of the player's element
 * @param hertz of the voice
 */
export async function listen(page: Page, selector: string, hertz: number): Promise<void> {
  await page.locator(selector).evaluate(listenInPage, { id: idOf(hertz), hertz });
}

const idOf = (hertz: number): string => `heard${hertz}`;

/** The page's main thread may stand for half a second: the sound of that time is read afterwards, whole. */
async function listenInPage(player: Element, { id, hertz }: Listening): Promise<void> {
  const LOOK_MS = 50;
  const WINDOW_MS = 10;
  const SILENCE_MS = 500;
  const LEVEL = 0.02;
  type Capturing = HTMLVideoElement & { captureStream(): MediaStream };
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 32_768 });
  const samples = new Float32Array(analyser.fftSize);
  const heard: number[] = [];
  Object.assign(globalThis, { [id]: heard });
  let connected: { readonly track: MediaStreamTrack; readonly source: MediaStreamAudioSourceNode } | null = null;
  /** A player that begins again has another track. */
  const connect = (): void => {
    const video = player.shadowRoot?.querySelector("video") as Capturing | null | undefined;
    if (!video) return;
    const stream = video.srcObject instanceof MediaStream ? video.srcObject : video.readyState > 0 ? video.captureStream() : null;
    const track = stream?.getAudioTracks().find(({ readyState }) => readyState === "live");
    if (!track || track === connected?.track) return;
    connected?.source.disconnect();
    connected = { track, source: context.createMediaStreamSource(new MediaStream([track])) };
    connected.source.connect(analyser);
  };
  const size = Math.round((context.sampleRate * WINDOW_MS) / 1000);
  const levelAt = (from: number): number => {
    let [re, im] = [0, 0];
    for (let i = 0; i < size; i++) {
      const angle = (2 * Math.PI * hertz * i) / context.sampleRate;
      re += (samples[from + i] ?? 0) * Math.cos(angle);
      im += (samples[from + i] ?? 0) * Math.sin(angle);
    }
    return (2 * Math.hypot(re, im)) / size;
  };
  /** Of the context's clock, seconds. */
  let readUntil = context.currentTime;
  let loudAt = Number.NEGATIVE_INFINITY;
  setInterval(() => {
    connect();
    const [end, now] = [context.currentTime, Date.now()];
    analyser.getFloatTimeDomainData(samples);
    const first = Math.max(0, samples.length - Math.floor((end - readUntil) * context.sampleRate));
    let at = first;
    for (; at + size <= samples.length; at += size) {
      if (levelAt(at) < LEVEL) continue;
      const wall = now - ((samples.length - at) / context.sampleRate) * 1000;
      if (wall - loudAt > SILENCE_MS) heard.push(wall);
      loudAt = wall;
    }
    readUntil = end - (samples.length - at) / context.sampleRate;
  }, LOOK_MS);
}

/**
 * Says so many words, one after the other.
 * @returns for each listener the delay of each word, milliseconds from saying to hearing; null: it was never heard
 */
export async function wordDelays(
  speaker: Page,
  listeners: readonly Page[],
  hertz: number,
  count: number,
): Promise<(number | null)[][]> {
  const delays: (number | null)[][] = listeners.map(() => []);
  for (let i = 0; i < count; i++) {
    const said = await speak(speaker, WORD_MS);
    await Promise.all(listeners.map(async (listener, k) => delays[k]?.push(await delayOf(listener, hertz, said))));
    await speaker.waitForTimeout(PAUSE_MS);
  }
  return delays;
}

/** Waits in the page, which costs it less than to be asked. */
async function delayOf(listener: Page, hertz: number, said: number): Promise<number | null> {
  const wait = async ({ id, since, lostMs }: { id: string; since: number; lostMs: number }): Promise<number | null> => {
    const heard = (globalThis as unknown as Record<string, number[]>)[id] ?? [];
    for (const end = Date.now() + lostMs; Date.now() < end; ) {
      const at = heard.find((one) => one >= since);
      if (at !== undefined) return at;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return null;
  };
  const at = await listener.evaluate(wait, { id: idOf(hertz), since: said, lostMs: LOST_MS });
  return at === null ? null : Math.round(at - said);
}
