/** Shows the lines of a transcript with their times; who teaches the lesson corrects them in place. */
import { formatDuration } from "@lectern/player/format-duration";
import type { LecternReplay } from "@lectern/player/replay";
import { Icon } from "@lectern/ui";
import { PEN_ICON } from "@lectern/ui/icons";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { lineAt } from "./line-at.ts";
import type { Line, TranscriptState } from "./use-transcript.ts";

/** Of a caption, in the room's protocol. */
const MAX_TEXT = 500;
/** As often as the player says where it is. */
const TICK_MS = 250;
/** So long the list stays where a person has scrolled it, milliseconds. */
const SCROLLED_MS = 6000;

type TranscriptLinesProps = {
  readonly transcript: TranscriptState;
  readonly playerRef: RefObject<LecternReplay | null>;
  readonly onSelect: (seconds: number) => void;
};

export function TranscriptLines({ transcript, playerRef, onSelect }: TranscriptLinesProps) {
  const { t } = useTranslation();
  const { lines, isEditable, correct } = transcript;
  const [edited, setEdited] = useState<string | null>(null);
  const spoken = useSpokenLine(lines, playerRef);
  const list = useRef<HTMLOListElement>(null);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const line = list.current?.children[spoken];
    if (!list.current || !(line instanceof HTMLElement) || edited !== null) return;
    if (performance.now() - touchedAt.current < SCROLLED_MS) return;
    list.current.scrollTop = line.offsetTop - list.current.offsetTop - list.current.clientHeight / 3;
  }, [spoken, edited]);
  const touch = (): void => {
    touchedAt.current = performance.now();
  };
  return (
    <ol className="words-lines" ref={list} onWheel={touch} onTouchMove={touch} onFocus={touch}>
      {lines.map((line, at) => (
        <li key={line.ref} aria-current={at === spoken ? "true" : undefined}>
          {edited === line.ref ? (
            <LineForm line={line} onSave={(text) => correct(line.ref, text)} onEnd={() => setEdited(null)} />
          ) : (
            <>
              <button type="button" onClick={() => onSelect(line.start)}>
                <span className="words-time">{formatDuration(line.start)}</span> <span dir="auto">{line.text}</span>
              </button>
              {isEditable ? (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t("words.correct", { time: formatDuration(line.start) })}
                  onClick={() => setEdited(line.ref)}
                >
                  <Icon drawing={PEN_ICON} />
                </button>
              ) : null}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The place in the list of the line that is being spoken; -1: none is. */
function useSpokenLine(lines: readonly Line[], playerRef: RefObject<LecternReplay | null>): number {
  const [spoken, setSpoken] = useState(-1);
  useEffect(() => {
    const look = (): void => setSpoken(lineAt(lines, playerRef.current?.currentTime ?? 0));
    look();
    const timer = setInterval(look, TICK_MS);
    return () => clearInterval(timer);
  }, [lines, playerRef]);
  return spoken;
}

type LineFormProps = {
  readonly line: Line;
  readonly onSave: (text: string) => Promise<void>;
  readonly onEnd: () => void;
};

function LineForm({ line, onSave, onEnd }: LineFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(line.text);
  const [failure, setFailure] = useState("");
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onSave(text.replace(/\s+/g, " ").trim()).then(onEnd, (error: unknown) => setFailure(errorMessage(error, t("offline"))));
  };
  return (
    <form onSubmit={save}>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the person has asked to write here
        autoFocus
        aria-label={t("words.correct", { time: formatDuration(line.start) })}
        aria-describedby="correct-hint"
        maxLength={MAX_TEXT}
        rows={3}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onEnd()}
      />
      <p id="correct-hint" className="text-muted">
        {t("words.correctHint")}
      </p>
      {failure ? <p role="alert">{failure}</p> : null}
      <div className="row">
        <button type="submit" className="button primary">
          {t("words.save")}
        </button>
        <button type="button" className="button" onClick={onEnd}>
          {t("words.cancel")}
        </button>
      </div>
    </form>
  );
}
