/** Holds a paper while it is edited, and saves it. Another person's change in between is refused by the server. */
import type { ExamPaper } from "@lectern/client";
import type { AuthoredPaper } from "@lectern/exam";
import { showToast } from "@lectern/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";

export function usePaperDraft(loaded: ExamPaper) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [saved, setSaved] = useState(loaded);
  const [draft, setDraft] = useState<AuthoredPaper>(loaded.content);
  const [error, setError] = useState("");
  const [isSaving, setIsSaving] = useState(false);
  const isChanged = draft !== saved.content;
  useLeavingGuard(isChanged);
  const take = (paper: ExamPaper): void => {
    setSaved(paper);
    setDraft(paper.content);
    client.setQueryData(["exam-paper", paper.id], paper);
    void client.invalidateQueries({ queryKey: ["exam-papers"] });
  };
  /** @returns the paper as it is stored; null: it could not be */
  const save = async (): Promise<ExamPaper | null> => {
    if (!isChanged) return saved;
    setIsSaving(true);
    setError("");
    try {
      const paper = await unwrap(
        api().PATCH("/api/v1/papers/{paperId}", {
          params: { path: { paperId: saved.id }, header: { "If-Match": `"v${saved.version}"` } },
          body: { title: draft.title.trim() || saved.title, content: structuredClone(draft) as ExamPaper["content"] },
        }),
      );
      take(paper);
      showToast(t("exams.paperSaved"));
      return paper;
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      return null;
    } finally {
      setIsSaving(false);
    }
  };
  return { saved, draft, setDraft, take, save, isChanged, isSaving, error };
}

function useLeavingGuard(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isChanged]);
}
