/**
 * Provides the native engine: the browser's own HLS. On iPhones it saves battery and supports background playback and AirPlay. The browser chooses
 * among the rungs and does not report which it plays; a rung that the viewer chooses is another address.
 */
import type { Engine, EngineStart } from "./engine.ts";
import { type Problem, problemFromAnswer } from "./problem.ts";
import { qualityOf } from "./quality.ts";
import { addressOfRung, fetchRungs, fetchUndecodable, isSound, type Rung } from "./rung-list.ts";
import { UndecodableWatch } from "./undecodable-watch.ts";

const LOOK_MS = 500;

export function nativeEngine(): Engine {
  let removeListeners: (() => void) | null = null;
  let options: EngineStart | null = null;
  let rungs: readonly Rung[] = [];
  let chosen: string | null = null;
  let looking = 0;

  const load = (): void => {
    if (!options || !removeListeners) return;
    const { video, url } = options;
    const rung = rungs.find(({ label }) => label === chosen);
    video.src = rung?.name == null ? url : addressOfRung(url, rung.name);
    video.load();
  };

  const report = (): void => {
    if (!options || !removeListeners || rungs.length < 2) return;
    const rung = rungs.find(({ label }) => label === chosen);
    const soundOnly = rung && isSound(rung) ? (options.isUndecodable ? "undecodable" : "chosen") : null;
    const label = rung?.label ?? null;
    options.events.onQuality(qualityOf(rungs, { chosen: label, playing: label, soundOnly }));
  };

  const list = async (url: string): Promise<void> => {
    rungs = await fetchRungs(url);
    if (options?.isUndecodable) chosen = rungs.find(isSound)?.label ?? chosen;
    report();
  };

  return {
    keepsPace: true,
    start: (given) => {
      options = given;
      chosen = given.chosen;
      removeListeners = listen(given);
      // The browser tells nothing of what it plays.
      const undecodable = new UndecodableWatch({ ask: () => fetchUndecodable(given.url), onChange: given.events.onUndecodable });
      looking = window.setInterval(() => undecodable.look(true, performance.now()), LOOK_MS);
      const listed = list(given.url);
      // Only a viewer who does not leave the choice to the browser needs the rungs before.
      if (chosen === null && !given.isUndecodable) load();
      else void listed.then(load);
    },
    choose: (label) => {
      chosen = label;
      options?.events.onReload();
      load();
      report();
    },
    receivedAt: () => null,
    needsTime: () => false,
    mediaTime: () => null,
    delay: () => null,
    close: () => {
      clearInterval(looking);
      removeListeners?.();
      removeListeners = null;
    },
  };
}

/** Reports what becomes of the element's source. Returns a function that takes the source away. */
function listen({ video, events }: EngineStart): () => void {
  let hasFrame = false;
  let closed = false;
  const onFrame = (): void => {
    hasFrame = true;
  };
  const onError = (): void => {
    const detail = video.error?.message ?? "";
    // Chromium reports "not supported" for a stream that has just started; after a first frame the format is known to work.
    const unsupported = video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !hasFrame;
    void classify(video.src, unsupported).then((problem) => {
      if (!closed) events.onProblem(problem, detail);
    });
  };
  const onEnded = (): void => events.onEnd();
  video.addEventListener("loadeddata", onFrame);
  video.addEventListener("error", onError);
  video.addEventListener("ended", onEnded);
  return () => {
    closed = true;
    video.removeEventListener("loadeddata", onFrame);
    video.removeEventListener("error", onError);
    video.removeEventListener("ended", onEnded);
    video.removeAttribute("src");
    video.load();
  };
}

/** A video element hides the HTTP status; a HEAD request to the same address shows it. */
async function classify(url: string, unsupported: boolean): Promise<Problem> {
  const answer = await fetch(url, { method: "HEAD" }).catch(() => null);
  if (!answer) return "network";
  if (!answer.ok) return problemFromAnswer(answer);
  return unsupported ? "browser" : "network";
}
