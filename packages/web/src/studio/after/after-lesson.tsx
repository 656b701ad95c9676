/** Shows after the end: the recording, who was there, how it reached people, and a way back for an end by mistake. */
import type { Lesson, Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { SkeletonRows, showToast } from "@lectern/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BoardPdfButton } from "../../downloads/board-pdf-button.tsx";
import { LessonQuality, useLessonQuality } from "../../lesson-quality/lesson-quality.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId, lessonPath } from "../lesson/lesson-api.ts";
import { useLessonBoard } from "../lesson/use-lesson-board.ts";
import { Recordings } from "../recordings/recordings.tsx";
import "./after.css";

const REFETCH_MS = 5000;
/** People who are counted; more are not in one lesson. */
const MAX_PEOPLE = 1000;

export function AfterLesson({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const kept = useKept();
  // All of it at once: what came first would move when the others follow.
  if (!kept.isKnown)
    return (
      <div className="after">
        <SkeletonRows label={t("publishing.ended.title")} />
      </div>
    );
  return (
    <div className="after">
      <Summary lesson={lesson} {...kept} />
      <LessonQuality lesson={lesson} />
      <Recordings lesson={lesson} opensFirst />
    </div>
  );
}

type LessonFiles = { readonly recordings: readonly Recording[] | null; readonly people: number | null };

/** What there is of the lesson; null: it could not be asked for. */
function useKept(): LessonFiles & { readonly isKnown: boolean } {
  const recordings = useQuery({
    queryKey: ["recordings"],
    queryFn: () => unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId, limit: 100 } } })),
    refetchInterval: REFETCH_MS,
  });
  const people = useQuery({
    queryKey: ["people-kept"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/attendance", { params: { path: { lessonId }, query: { limit: MAX_PEOPLE } } })),
  });
  const quality = useLessonQuality(lessonId);
  const came = people.data?.items.filter(({ seconds }) => seconds > 0).length;
  return {
    recordings: recordings.data?.items ?? null,
    people: came ?? null,
    isKnown: !recordings.isPending && !people.isPending && !quality.isPending,
  };
}

function Summary({ lesson, recordings, people }: LessonFiles & { readonly lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { pages } = useLessonBoard(lesson);
  const reopen = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/start", lessonPath)),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
  const items = recordings ?? [];
  const duration = formatDuration(items.reduce((sum, { seconds }) => sum + seconds, 0));
  return (
    <section className="tile after-summary" aria-label={t("publishing.ended.title")}>
      <h2>{t("publishing.ended.title")}</h2>
      <p>{t("publishing.ended.kept")}</p>
      <ul>
        {recordings ? (
          <li>
            {items.length > 0
              ? t("publishing.ended.recordings", { count: items.length, duration })
              : t("publishing.ended.noRecording")}
          </li>
        ) : null}
        {people === null ? null : <li>{t("publishing.ended.people", { count: people })}</li>}
        {pages > 0 ? <li>{t("publishing.ended.board", { count: pages })}</li> : null}
      </ul>
      <div className="after-actions">
        <a className="button" href={`/console/lessons/${lesson.id}/analytics`}>
          {t("publishing.ended.analytics")}
        </a>
        {pages > 0 ? <BoardPdfButton lessonId={lessonId} /> : null}
        <button type="button" className="button" disabled={reopen.isPending} onClick={() => reopen.mutate()}>
          {t("publishing.ended.reopen")}
        </button>
      </div>
      <small className="text-muted">{t("publishing.ended.reopenHint")}</small>
    </section>
  );
}
