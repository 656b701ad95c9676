/** Shows the results to the candidates, or hides them again. */
import type { Examination } from "@lectern/client";
import { showToast } from "@lectern/ui";
import { Switch } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";

export function ReleaseSwitch({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const release = async (released: boolean): Promise<void> => {
    setIsBusy(true);
    try {
      const changed = await unwrap(
        api().POST("/api/v1/exams/{examinationId}/release", {
          params: { path: { examinationId: exam.id }, header: { "If-Match": `"v${exam.version}"` } },
          body: { released },
        }),
      );
      client.setQueryData(["examination", exam.id], changed);
      showToast(t(released ? "exams.releasedNow" : "exams.hiddenNow"));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
      await client.invalidateQueries({ queryKey: ["examination", exam.id] });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="exam-box">
      <Switch
        label={t("exams.release")}
        description={t(exam.practice ? "exams.releasePractice" : "exams.releaseHint")}
        checked={exam.releasedAt !== null}
        disabled={isBusy}
        onChange={(event) => void release(event.target.checked)}
      />
    </div>
  );
}
