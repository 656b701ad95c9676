/** Shows what was said in a recording beside it, and finds words in all of its lesson. The line that is spoken is marked; a click goes to a line's moment. */
import type { LecternReplay } from "@lectern/player/replay";
import { type RefObject, useState } from "react";
import { addTranslations } from "../i18n.ts";
import { playFrom } from "../player/play-from.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { HitLine } from "./hit-line.tsx";
import { WORDS_MESSAGES } from "./messages.ts";
import { TranscriptExport } from "./transcript-export.tsx";
import { TranscriptLines } from "./transcript-lines.tsx";
import { useHits } from "./use-hits.ts";
import { useTranscript } from "./use-transcript.ts";
import "./recorded-words.css";

addTranslations(WORDS_MESSAGES);

type RecordedWordsProps = {
  readonly recordingId: string;
  /** What is searched first; empty: nothing. */
  readonly find: string;
  readonly playerRef: RefObject<LecternReplay | null>;
};

export function RecordedWords({ recordingId, find, playerRef }: RecordedWordsProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(find);
  const transcript = useTranscript(recordingId);
  const goTo = (seconds: number): void => playFrom(playerRef.current, seconds);
  return (
    <div className="recorded-words">
      <div className="field">
        <input
          type="search"
          aria-label={t("words.search")}
          placeholder={t("words.placeholder")}
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {text.trim() !== "" ? <Found recordingId={recordingId} text={text} onSelect={goTo} /> : null}
      {text.trim() === "" && transcript.isKnown ? (
        <>
          <p className="text-muted">{t(transcript.lines.length === 0 ? "words.none" : "words.hint")}</p>
          {transcript.lines.length > 0 ? (
            <>
              <TranscriptLines transcript={transcript} playerRef={playerRef} onSelect={goTo} />
              <TranscriptExport recordingId={recordingId} />
            </>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

type FoundProps = { readonly recordingId: string; readonly text: string; readonly onSelect: (seconds: number) => void };

function Found({ recordingId, text, onSelect }: FoundProps) {
  const { t } = useTranslation();
  const hits = useHits(recordingId, text, t("offline"));
  const state = !hits ? t("words.searching") : hits.failure !== null ? hits.failure : null;
  const count = hits?.items.length ?? 0;
  return (
    <>
      <p role="status" className="text-muted">
        {state ?? (count === 0 ? t("words.nothing", { text: text.trim() }) : t("words.found", { count }))}
      </p>
      <ol className="words-lines">
        {hits?.items.map((hit) => (
          <li key={`${hit.seconds} ${hit.kind} ${hit.text}`}>
            <button type="button" onClick={() => onSelect(hit.seconds)}>
              <HitLine hit={hit} />
            </button>
          </li>
        ))}
      </ol>
      {hits?.hasMore ? <p className="text-muted">{t("words.more")}</p> : null}
    </>
  );
}
