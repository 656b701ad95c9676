/** Shows what was said in a recording, line by line; a line leads to its moment. Guests, whom the API does not know, have none. */
import { formatDuration } from "@lectern/player/format-duration";
import { useEffect, useState } from "react";
import { api } from "../session/api.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "./transcript.css";

type Line = { readonly ref: string; readonly start: number; readonly text: string };

export function Transcript({ recordingId, onSelect }: { recordingId: string; onSelect: (seconds: number) => void }) {
  const { t } = useTranslation();
  const lines = useTranscript(recordingId);
  if (lines.length === 0) return null;
  return (
    <details className="transcript">
      <summary>{t("transcript")}</summary>
      <p className="text-muted">{t("transcriptHint")}</p>
      <ol>
        {lines.map(({ ref, start, text }) => (
          <li key={ref}>
            <button type="button" onClick={() => onSelect(start)}>
              <span className="text-muted">{formatDuration(start)}</span> <span dir="auto">{text}</span>
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}

function useTranscript(recordingId: string): readonly Line[] {
  const [lines, setLines] = useState<readonly Line[]>([]);
  useEffect(() => {
    let isOver = false;
    setLines([]);
    const path = { recordingId };
    void api()
      .GET("/api/v1/recordings/{recordingId}/transcript", { params: { path } })
      .then(({ data }) => !isOver && data && setLines(data.items))
      // A recording is watched without its words, too.
      .catch(() => {});
    return () => {
      isOver = true;
    };
  }, [recordingId]);
  return lines;
}
