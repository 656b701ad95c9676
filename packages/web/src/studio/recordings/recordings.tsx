/** Shows the recordings of the lesson: a list with an editor for each, and undo for a deletion. */
import type { Lesson, Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { isSmallLesson } from "../../stage/small-lesson-mode.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { useLessonBoard } from "../lesson/use-lesson-board.ts";
import { CompositeRecording } from "./composite-recording.tsx";
import { RecordingBoardVideo } from "./recording-board-video.tsx";
import { RecordingEditor } from "./recording-editor.tsx";

const QUERY_KEY = ["recordings"];
const REFETCH_MS = 6000;

type RecordingsProps = {
  readonly lesson: Lesson;
  /** Whether the first one can be watched and edited at once. */
  readonly opensFirst?: boolean;
};

export function Recordings({ lesson, opensFirst = false }: RecordingsProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Undefined: nobody has chosen.
  const [chosenId, setEditedId] = useState<string | null | undefined>(undefined);
  const refresh = () => client.invalidateQueries({ queryKey: QUERY_KEY });
  const { deleted, remove, restore, failure } = useDeletion(refresh);
  const list = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () => unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId, limit: 100 } } })),
    refetchInterval: REFETCH_MS,
  });
  const { wasShown } = useLessonBoard(lesson);
  const recordings: readonly Recording[] = list.data?.items ?? [];
  const editedId = chosenId === undefined && opensFirst ? (recordings[0]?.id ?? null) : chosenId;
  if (recordings.length === 0 && !deleted) return null;
  return (
    <section className="tile recordings" aria-label={t("recordings")}>
      <h2>{t("recordings")}</h2>
      {isSmallLesson(lesson) && lesson.state === "ended" && recordings.length > 0 ? (
        <CompositeRecording isReady={recordings.every(({ whole }) => whole)} />
      ) : null}
      <p role="status" className="row">
        {deleted ? (
          <>
            {t("deleted", { title: deleted.title })}
            <button type="button" className="button small" onClick={() => restore(deleted)}>
              {t("undo")}
            </button>
          </>
        ) : null}
      </p>
      {failure ? <p role="alert">{errorMessage(failure, t("offline"))}</p> : null}
      <ul>
        {recordings.map((recording) => {
          const isEdited = editedId === recording.id;
          return (
            <li key={recording.id}>
              <RecordingRow
                recording={recording}
                isEdited={isEdited}
                onEdit={() => setEditedId(isEdited ? null : recording.id)}
                onDelete={() => remove(recording)}
              />
              {wasShown ? (
                <div className="recording-film">{recording.whole ? <RecordingBoardVideo recording={recording} /> : null}</div>
              ) : null}
              {isEdited ? <RecordingEditor recording={recording} isOver={lesson.state === "ended"} onChanged={refresh} /> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type RecordingRowProps = {
  readonly recording: Recording;
  readonly isEdited: boolean;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
};

function RecordingRow({ recording, isEdited, onEdit, onDelete }: RecordingRowProps) {
  const { t, i18n } = useTranslation();
  const facts = [
    formatDateTime(recording.startedAt, i18n.language),
    recording.whole ? formatDuration(recording.seconds) : t("recordingNow"),
    ...(recording.published ? [] : [t("isHidden")]),
  ];
  return (
    <div className="row">
      <strong>{recording.title}</strong>
      <span className="text-muted">{facts.join(" · ")}</span>
      <span className="row">
        <button type="button" className="button small" aria-expanded={isEdited} onClick={onEdit}>
          {t("edit")}
        </button>
        {recording.whole ? (
          <button type="button" className="button small" aria-label={`${t("delete")}: ${recording.title}`} onClick={onDelete}>
            {t("delete")}
          </button>
        ) : null}
      </span>
    </div>
  );
}

/** Moves a recording to the trash and back; remembers the last one for undo. */
function useDeletion(refresh: () => Promise<void>) {
  const [deleted, setDeleted] = useState<Recording | null>(null);
  const path = ({ id }: Recording) => ({ params: { path: { recordingId: id } } });
  const remove = useMutation({
    mutationFn: (recording: Recording) => unwrap(api().DELETE("/api/v1/recordings/{recordingId}", path(recording))),
    onSuccess: (_, recording) => {
      setDeleted(recording);
      return refresh();
    },
  });
  const restore = useMutation({
    mutationFn: (recording: Recording) => unwrap(api().POST("/api/v1/recordings/{recordingId}/restore", path(recording))),
    onSuccess: () => {
      setDeleted(null);
      return refresh();
    },
  });
  return { deleted, remove: remove.mutate, restore: restore.mutate, failure: remove.error ?? restore.error };
}
