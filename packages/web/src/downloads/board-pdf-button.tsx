/** Saves the slides and the board of a lesson as PDF, as they are now. The server makes the file while it is waited for. */
import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { saveFile } from "./save-file.ts";

export function BoardPdfButton({ lessonId, className = "button" }: { readonly lessonId: string; readonly className?: string }) {
  const { t } = useTranslation();
  const making = useMutation({
    mutationFn: async () => {
      const path = { params: { path: { lessonId } } };
      return await unwrap(api().GET("/api/v1/lessons/{lessonId}/board.pdf", { ...path, parseAs: "blob" }));
    },
    onSuccess: (file) => saveFile("board.pdf", file),
  });
  return (
    <>
      <button type="button" className={className} disabled={making.isPending} onClick={() => making.mutate()}>
        {t("boardPdf")}
      </button>
      <span role="status" className="text-muted">
        {making.isPending ? t("boardPdfMaking") : ""}
      </span>
      {making.error ? <span role="alert">{errorMessage(making.error, t("offline"))}</span> : null}
    </>
  );
}
