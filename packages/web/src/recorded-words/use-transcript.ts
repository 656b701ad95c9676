/** Provides the transcript of a recording, and corrects its lines. */
import { useCallback, useEffect, useState } from "react";
import { api, unwrap } from "../session/api.ts";

export type Line = { readonly ref: string; readonly start: number; readonly end: number; readonly text: string };

type Transcript = {
  readonly lines: readonly Line[];
  /** Whether this person may correct it. */
  readonly isEditable: boolean;
};

export type TranscriptState = Transcript & {
  /** False while it loads. */
  readonly isKnown: boolean;
  /** Rejects with the error of the request. @param text empty: the line is taken out */
  readonly correct: (ref: string, text: string) => Promise<void>;
};

const EMPTY: Transcript = { lines: [], isEditable: false };

export function useTranscript(recordingId: string): TranscriptState {
  const [known, setKnown] = useState<Transcript | null>(null);
  useEffect(() => {
    let isOver = false;
    setKnown(null);
    const path = { recordingId };
    unwrap(api().GET("/api/v1/recordings/{recordingId}/transcript", { params: { path } })).then(
      ({ items, isEditable }) => !isOver && setKnown({ lines: items, isEditable }),
      // A recording is watched and searched without its words, too.
      () => !isOver && setKnown(EMPTY),
    );
    return () => {
      isOver = true;
    };
  }, [recordingId]);
  const correct = useCallback(
    async (ref: string, text: string) => {
      const path = { recordingId, lineId: ref };
      await unwrap(api().PUT("/api/v1/recordings/{recordingId}/transcript/lines/{lineId}", { params: { path }, body: { text } }));
      setKnown((before) => before && { ...before, lines: corrected(before.lines, ref, text) });
    },
    [recordingId],
  );
  return { ...(known ?? EMPTY), isKnown: known !== null, correct };
}

function corrected(lines: readonly Line[], ref: string, text: string): readonly Line[] {
  if (text === "") return lines.filter((line) => line.ref !== ref);
  return lines.map((line) => (line.ref === ref ? { ...line, text } : line));
}
