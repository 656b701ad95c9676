/** The buttons that start, record and end the lesson. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../session/api.ts";
import { lessonPath } from "./lesson/lesson-api.ts";

/** A recording starts and stops at the next keyframe; the button follows the state of the stream. */
export function RecordButton({ recording }: { recording: string | null }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (action: "start" | "stop") =>
      unwrap(api().POST("/api/v1/lessons/{lessonId}/record", { ...lessonPath, body: { action } })),
  });
  const isRecording = recording !== null;
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isRecording}
      onClick={() => change.mutate(isRecording ? "stop" : "start")}
    >
      {isRecording ? <span className="live">{t("stopRecording")}</span> : t("record")}
    </button>
  );
}

export function StartEndButton({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isConfirming, setIsConfirming] = useState(false);
  // The question gives the focus back where it had it from.
  const [isBack, setIsBack] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isBack) button.current?.focus();
    setIsBack(false);
  }, [isBack]);
  const change = useMutation({
    mutationFn: (action: "start" | "end") =>
      unwrap(
        action === "start"
          ? api().POST("/api/v1/lessons/{lessonId}/start", lessonPath)
          : api().POST("/api/v1/lessons/{lessonId}/end", lessonPath),
      ),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
  });
  if (isConfirming) {
    const end = () => {
      setIsConfirming(false);
      change.mutate("end");
    };
    const cancel = () => {
      setIsConfirming(false);
      setIsBack(true);
    };
    return <ConfirmEnd onEnd={end} onCancel={cancel} />;
  }
  if (lesson.state === "live") {
    return (
      <button ref={button} type="button" className="button" onClick={() => setIsConfirming(true)}>
        {t("end")}
      </button>
    );
  }
  // After the end there is nothing to start: the summary offers to open the lesson again.
  if (lesson.state === "ended") return null;
  return (
    <div className="start-lesson">
      <button type="button" className="button" onClick={() => change.mutate("start")} disabled={change.isPending}>
        {t("start")}
      </button>
      <small className="text-muted">{t("startHint")}</small>
    </div>
  );
}

function ConfirmEnd({ onEnd, onCancel }: { onEnd: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const keep = useRef<HTMLButtonElement>(null);
  // A key that is pressed twice ends nothing.
  useEffect(() => keep.current?.focus(), []);
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === "Escape") onCancel();
  };
  return (
    <div className="row" role="alertdialog" aria-label={t("endConfirm")} onKeyDown={onKeyDown}>
      <p>{t("endConfirm")}</p>
      <button type="button" className="button danger" onClick={onEnd}>
        {t("endYes")}
      </button>
      <button ref={keep} type="button" className="button" onClick={onCancel}>
        {t("cancel")}
      </button>
    </div>
  );
}
