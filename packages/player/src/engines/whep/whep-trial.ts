/** Tries a WHEP connection beside what plays: it is ready when it shows a picture, or sound where there is none, in an element that nobody sees. */
import type { Problem } from "../problem.ts";
import { SoundAlone } from "./sound-alone.ts";
import { WhepConnection } from "./whep-connection.ts";

export type TrialEvents = {
  /** The connection belongs to the caller from now on. */
  readonly onReady: (connection: WhepConnection) => void;
  readonly onFailed: (problem: Problem) => void;
};

/** A rung that the server has to make first takes its time. */
const READY_WITHIN_MS = 12_000;
const LOOK_MS = 250;

/** @returns a function that gives the trial up; it may be called twice, and after the trial is over */
export function tryWhep(url: string, { onReady, onFailed }: TrialEvents): () => void {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, autoplay: true, playsInline: true });
  let over = false;
  const end = (): void => {
    over = true;
    clearTimeout(timer);
    clearInterval(listening);
    video.srcObject = null;
  };
  const connection = new WhepConnection(url, {
    onProblem: (problem) => {
      if (over) return;
      end();
      onFailed(problem);
    },
  });
  const giveUp = (): void => {
    if (over) return;
    end();
    connection.close();
  };
  const timer = window.setTimeout(() => {
    giveUp();
    onFailed("network");
  }, READY_WITHIN_MS);
  const ready = (): void => {
    if (over) return;
    end();
    onReady(connection);
  };
  const alone = new SoundAlone();
  const listening = window.setInterval(() => alone.look(connection.stream, LOOK_MS) && ready(), LOOK_MS);
  video.addEventListener("loadeddata", ready);
  video.srcObject = connection.stream;
  return giveUp;
}
