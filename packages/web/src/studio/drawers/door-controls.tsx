/** Shows who may come in as a guest: a lock, a waiting room, and a new lesson code. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonPath } from "../lesson/lesson-api.ts";

type Doors = { readonly locked?: boolean; readonly waitingRoom?: boolean };

export function DoorControls({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const show = (data: Lesson) => client.setQueryData(["lesson"], data);
  const change = useMutation({
    mutationFn: (body: Doors) => unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { ...lessonPath, body })),
    onSuccess: show,
  });
  const rotate = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/rotate-code", lessonPath)),
    onSuccess: show,
  });
  const failure = change.error ?? rotate.error;
  if (!lesson.guests) return null;
  return (
    <div className="doors">
      <label>
        <input
          type="checkbox"
          checked={lesson.locked}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ locked: event.target.checked })}
        />{" "}
        {t("lockLesson")}
      </label>
      <label>
        <input
          type="checkbox"
          checked={lesson.waitingRoom}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ waitingRoom: event.target.checked })}
        />{" "}
        {t("waitingRoom")}
      </label>
      <div className="row">
        <button type="button" className="button small" disabled={rotate.isPending} onClick={() => rotate.mutate()}>
          {t("newCode")}
        </button>
        <p role="status" className="text-muted">
          {rotate.isSuccess ? t("newCodeDone") : ""}
        </p>
      </div>
      {failure ? <p role="alert">{errorMessage(failure, t("offline"))}</p> : null}
    </div>
  );
}
