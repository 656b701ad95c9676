/** Says how far a video is that the server makes, for the texts under `film` and `lessonPicture`. */
import { formatDuration } from "@lectern/player/format-duration";
import type { Translate } from "../../texts/use-translation.ts";

type Making = {
  readonly state: "waiting" | "running";
  readonly ahead: number | null;
  readonly percent: number;
  readonly remainingSeconds: number | null;
};

export function makingText(
  name: "film" | "lessonPicture",
  { state, ahead, percent, remainingSeconds }: Making,
  t: Translate,
): string {
  if (state === "waiting") return ahead ? t(`${name}.ahead`, { count: ahead }) : t(`${name}.waiting`);
  if (remainingSeconds === null) return t(`${name}.running`, { percent });
  return t(`${name}.remaining`, { percent, time: formatDuration(remainingSeconds) });
}

export function isBeingMade<Answer extends { readonly state: string }>(
  answer: Answer | undefined,
): answer is Answer & { readonly state: "waiting" | "running" } {
  return answer?.state === "waiting" || answer?.state === "running";
}
