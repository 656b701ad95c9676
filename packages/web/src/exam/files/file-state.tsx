/** Says where a photo or a recording is: on this device, with the server, or why not. */
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFile } from "./answer-files.ts";

export function FileStateText({ file }: { readonly file: AnswerFile }) {
  const { t } = useTranslation();
  const isBad = file.state === "refused" || file.state === "late" || file.state === "absent";
  return (
    <span className={isBad ? "file-state error" : "file-state text-muted"} role={isBad ? "alert" : undefined}>
      {t(`paper.file.${file.state}`)}
      {file.message ? ` ${file.message}` : ""}
    </span>
  );
}
