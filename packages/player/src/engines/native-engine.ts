/** The native engine: the browser's own HLS. On iPhones it saves battery and supports background playback and AirPlay. */
import type { Engine } from "./engine.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

export function nativeEngine(): Engine {
  let removeListeners: (() => void) | null = null;

  return {
    keepsPace: true,
    start: (video, url, events) => {
      let hasFrame = false;
      const onFrame = (): void => {
        hasFrame = true;
      };
      const onError = (): void => {
        const detail = video.error?.message ?? "";
        // Chromium reports "not supported" for a stream that has just started; after a first frame the format is known to work.
        const unsupported = video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !hasFrame;
        void classify(url, unsupported).then((problem) => {
          if (removeListeners) events.onProblem(problem, detail);
        });
      };
      const onEnded = (): void => events.onEnd();
      video.addEventListener("loadeddata", onFrame);
      video.addEventListener("error", onError);
      video.addEventListener("ended", onEnded);
      removeListeners = () => {
        video.removeEventListener("loadeddata", onFrame);
        video.removeEventListener("error", onError);
        video.removeEventListener("ended", onEnded);
        video.removeAttribute("src");
        video.load();
      };
      video.src = url;
      video.load();
    },
    // The browser chooses the rung and does not report it.
    choose: () => {},
    close: () => {
      removeListeners?.();
      removeListeners = null;
    },
  };
}

/** A video element hides the HTTP status; a HEAD request to the same address shows it. */
async function classify(url: string, unsupported: boolean): Promise<Problem> {
  const answer = await fetch(url, { method: "HEAD" }).catch(() => null);
  if (!answer) return "network";
  if (!answer.ok) return problemFromStatus(answer.status);
  return unsupported ? "browser" : "network";
}
