/** Switches a lesson's captions on and off, and says what that means. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonPath } from "../lesson/lesson-api.ts";

export function CaptionsSwitch({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (captions: boolean) => unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { ...lessonPath, body: { captions } })),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
  });
  return (
    <div className="doors">
      <label>
        <input
          type="checkbox"
          checked={lesson.captions}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.checked)}
        />{" "}
        {t("captions")}
      </label>
      <p className="text-muted">{t("captionsHint")}</p>
      {change.error ? <p role="alert">{errorMessage(change.error, t("offline"))}</p> : null}
    </div>
  );
}
