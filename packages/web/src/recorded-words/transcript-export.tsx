/** Saves the transcript of a recording as a file: SubRip, WebVTT or plain text. */
import { useState } from "react";
import { saveFile } from "../downloads/save-file.ts";
import { api } from "../session/api.ts";
import { useTranslation } from "../texts/use-translation.ts";

const FORMATS = ["srt", "vtt", "txt"] as const;

export function TranscriptExport({ recordingId }: { readonly recordingId: string }) {
  const { t } = useTranslation();
  const [hasFailed, setHasFailed] = useState(false);
  const save = (format: (typeof FORMATS)[number]): void => {
    const params = { path: { recordingId }, query: { format } };
    api()
      .GET("/api/v1/recordings/{recordingId}/transcript/file", { params, parseAs: "text" })
      .then(({ data }) => {
        setHasFailed(data === undefined);
        if (data !== undefined) saveFile(`transcript.${format}`, new Blob([data], { type: "text/plain;charset=utf-8" }));
      })
      .catch(() => setHasFailed(true));
  };
  return (
    <fieldset className="words-export">
      <legend className="text-muted">{t("words.export")}</legend>
      {FORMATS.map((format) => (
        <button key={format} type="button" className="button" onClick={() => save(format)}>
          {format.toUpperCase()}
        </button>
      ))}
      {hasFailed ? <p role="alert">{t("offline")}</p> : null}
    </fieldset>
  );
}
