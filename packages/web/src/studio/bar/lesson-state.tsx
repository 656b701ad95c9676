/** Decides whether the lesson is live, and for how long. */
import type { Lesson } from "@lectern/client";
import { useNow } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { clockText } from "./clock-text.ts";

export function LessonState({ lesson: { state, startedAt } }: { readonly lesson: Lesson }) {
  const { t } = useTranslation();
  const isLive = state === "live";
  return (
    <p className={isLive ? "live lesson-state" : "text-muted lesson-state"}>
      {t(`state.${state}`)} {isLive && startedAt !== null ? <Clock since={Date.parse(startedAt)} /> : null}
    </p>
  );
}

function Clock({ since }: { readonly since: number }) {
  return <span className="lesson-clock">{clockText(useNow() - since)}</span>;
}
