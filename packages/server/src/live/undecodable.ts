/** Defines what is said at the doors of a stream whose picture or sound nobody can decode: to its publisher, and to those who want to watch it. */
import type { MediaProblem } from "../contracts/monitoring/media-problem.ts";
import type { Text } from "../platform/messages/message.ts";
import { Refusal } from "../platform/refusal.ts";
import { liveText } from "./live-texts.ts";
import { type Stream, whyNothing } from "./streams/index.ts";

/** Why, in words; null: it can be decoded again. */
export function problemText(problem: MediaProblem | null): Text {
  return problem ? liveText(`problem-${problem}`) : liveText("problem-over");
}

/** Null where something of the stream can be watched, or has still to be found out. Publishers mend it: who was refused asks again soon. */
export function refuseUndecodable({ log }: Pick<Stream, "log">): Refusal | null {
  const why = whyNothing(log);
  if (!why) return null;
  const code = why.track === "video" ? "picture-undecodable" : "sound-undecodable";
  return new Refusal(code, problemText(why.problem)).after(RETRY_SECONDS);
}

const RETRY_SECONDS = 2;
