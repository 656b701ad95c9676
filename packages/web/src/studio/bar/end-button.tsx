/** Ends the lesson, after it has asked once. A small lesson is opened here, too: nobody publishes before all are in it. */
import type { Lesson } from "@lectern/client";
import { Button, showToast } from "@lectern/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonPath } from "../lesson/lesson-api.ts";

export function EndButton({ lesson, isSmall }: { readonly lesson: Lesson; readonly isSmall: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const start = useStartLesson();
  const end = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/end", lessonPath)),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
  const cancel = (): void => {
    setIsAsking(false);
    button.current?.focus();
  };
  if (lesson.state === "scheduled" && isSmall)
    return (
      <Button disabled={start.isPending} onClick={() => start.mutate()}>
        {t("start")}
      </Button>
    );
  if (lesson.state !== "live") return null;
  return (
    <div className="end-lesson">
      <Button ref={button} kind="danger" aria-expanded={isAsking} disabled={end.isPending} onClick={() => setIsAsking(!isAsking)}>
        {t("end")}
      </Button>
      {isAsking ? (
        <ConfirmEnd
          onEnd={() => {
            setIsAsking(false);
            end.mutate();
          }}
          onCancel={cancel}
        />
      ) : null}
    </div>
  );
}

/** Lets people in before there is a picture. */
export function useStartLesson() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/start", lessonPath)),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
}

function ConfirmEnd({ onEnd, onCancel }: { readonly onEnd: () => void; readonly onCancel: () => void }) {
  const { t } = useTranslation();
  const keep = useRef<HTMLButtonElement>(null);
  // A key that is pressed twice ends nothing.
  useEffect(() => keep.current?.focus(), []);
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === "Escape") onCancel();
  };
  return (
    <div className="confirm-end" role="alertdialog" aria-label={t("endConfirm")} onKeyDown={onKeyDown}>
      <p>{t("endConfirm")}</p>
      <Button kind="danger" onClick={onEnd}>
        {t("endYes")}
      </Button>
      <Button ref={keep} onClick={onCancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}
