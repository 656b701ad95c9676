/** Records the answer to a speaking question: level, time, play back, and again. The recording is on the device at once, and goes to the server by itself. */

import type { AnswerValue, SpeakingQuestion } from "@lectern/exam";
import { serverClock } from "@lectern/player/server-clock";
import { Button } from "@lectern/ui";
import { MICROPHONE_ICON, STOP_ICON, TRASH_ICON } from "@lectern/ui/icons";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { clockText } from "../attempt/clock-text.ts";
import type { AnswerFiles } from "./answer-files.ts";
import { useAnswerFiles } from "./answer-files-context.ts";
import { FileStateText } from "./file-state.tsx";
import { uploadsOf } from "./named-uploads.ts";
import { type Recording, record, recordedType, watchLevel } from "./sound-recorder.ts";
import "./files.css";

export function SoundField({ question, value, onChange, isDisabled, labelId }: AnswerFieldProps<"speaking">) {
  const { t } = useTranslation();
  const files = useAnswerFiles();
  const { recording, heard, problem, id, start } = useRecording(files, question, value, onChange);
  const isOff = isDisabled || files === null;
  const most = clockText(question.maxSeconds);
  if (files && recordedType() === "") return <p className="error">{t("paper.cannotRecord")}</p>;
  return (
    <fieldset className="sound-field" aria-labelledby={labelId}>
      {recording ? (
        <>
          <p className="sound-running" role="timer">
            {t("paper.recordingTime", { time: clockText(heard.seconds), most })}
          </p>
          <meter aria-label={t("paper.level")} min={0} max={1} value={heard.level} />
          <Button kind="primary" icon={STOP_ICON} onClick={() => recording.stop()}>
            {t("paper.stopRecording")}
          </Button>
        </>
      ) : (
        <>
          {id !== null && files ? <Recorded files={files} id={id} /> : null}
          <div className="photo-buttons">
            <Button icon={MICROPHONE_ICON} disabled={isOff} onClick={() => void start()}>
              {t(id === null ? "paper.record" : "paper.recordAgain")}
            </Button>
            {id !== null && files ? (
              <Button
                kind="quiet"
                icon={TRASH_ICON}
                disabled={isOff}
                onClick={() => {
                  onChange(null);
                  files.remove(id);
                }}
              >
                {t("paper.takeBack")}
              </Button>
            ) : null}
          </div>
          <small className="text-muted">{t("paper.recordHint", { most })}</small>
        </>
      )}
      {problem ? (
        <p className="error" role="alert">
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}

function Recorded({ files, id }: { readonly files: AnswerFiles; readonly id: string }) {
  const { t } = useTranslation();
  const file = files.fileOf(id);
  return (
    <div className="sound-recorded">
      {/* biome-ignore lint/a11y/useMediaCaption: what the candidate has said has no captions */}
      {file.url ? <audio controls src={file.url} aria-label={t("paper.yourRecording")} /> : null}
      <FileStateText file={file} />
    </div>
  );
}

/** The recording that runs, and the one that is the answer. */
function useRecording(
  files: AnswerFiles | null,
  question: SpeakingQuestion,
  value: AnswerValue,
  onChange: (value: AnswerValue) => void,
) {
  const { t } = useTranslation();
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState("");
  const [heard, setHeard] = useState({ level: 0, seconds: 0 });
  const [id = null] = uploadsOf(value);
  const running = useRef<Recording | null>(null);
  // Another question is shown: what was said so far is the answer.
  useEffect(() => () => running.current?.stop(), []);
  useEffect(() => {
    if (!recording) return;
    const elapsed = () => serverClock.elapsed();
    return watchLevel(recording, elapsed, (level, seconds) => setHeard({ level, seconds }));
  }, [recording]);
  const start = async (): Promise<void> => {
    if (!files) return;
    setProblem("");
    try {
      const begun = await record(Math.min(question.maxSeconds, files.secondsLeft()));
      running.current = begun;
      setRecording(begun);
      const sound = await begun.done;
      running.current = null;
      setRecording(null);
      if (!sound) return setProblem(t("paper.nothingRecorded"));
      onChange({ uploads: [await files.add(question.id, sound)] });
      if (id !== null) files.remove(id);
    } catch {
      setRecording(null);
      setProblem(t("paper.noMicrophone"));
    }
  };
  return { recording, heard, problem, id, start };
}
