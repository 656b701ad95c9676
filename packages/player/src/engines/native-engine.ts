/** The browser's own HLS: on iPhones the way that saves their battery, and that goes on in the background and on a television. */
import type { Engine } from "./engine.ts";
import { type Problem, problemFromStatus } from "./problem.ts";

export function nativeEngine(): Engine {
  let leave: (() => void) | null = null;

  return {
    keepsPace: true,
    start: (video, url, events) => {
      let shown = false;
      const seen = (): void => {
        shown = true;
      };
      const failed = (): void => {
        const detail = video.error?.message ?? "";
        // What has shown a picture can play it: Chromium, for one, gives up at a stream that has just begun, and can a moment later.
        const unsupported = video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !shown;
        void explain(url, unsupported).then((problem) => {
          if (leave) events.onProblem(problem, detail);
        });
      };
      const ended = (): void => events.onEnd();
      video.addEventListener("loadeddata", seen);
      video.addEventListener("error", failed);
      video.addEventListener("ended", ended);
      leave = () => {
        video.removeEventListener("loadeddata", seen);
        video.removeEventListener("error", failed);
        video.removeEventListener("ended", ended);
        video.removeAttribute("src");
        video.load();
      };
      video.src = url;
      video.load();
    },
    // The browser chooses by itself, and says nothing of it.
    choose: () => {},
    close: () => {
      leave?.();
      leave = null;
    },
  };
}

/** A video element does not tell why it was refused; the same address does when it is asked. */
async function explain(url: string, unsupported: boolean): Promise<Problem> {
  const answer = await fetch(url, { method: "HEAD" }).catch(() => null);
  if (!answer) return "network";
  if (!answer.ok) return problemFromStatus(answer.status);
  return unsupported ? "browser" : "network";
}
