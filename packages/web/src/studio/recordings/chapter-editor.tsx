/** Adds chapters at the current position of a recording, and removes them. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { useTranslation } from "../../texts/use-translation.ts";
import { TextForm } from "./text-form.tsx";

type Chapters = Recording["chapters"];

type ChapterEditorProps = {
  readonly chapters: Chapters;
  /** The recording goes on: chapters are added at the current time instead of the player's position. */
  readonly isRecording: boolean;
  readonly currentSeconds: () => number;
  readonly onChange: (chapters: Chapters) => void;
};

export function ChapterEditor({ chapters, isRecording, currentSeconds, onChange }: ChapterEditorProps) {
  const { t } = useTranslation();
  const add = (title: string) => onChange([...chapters, { seconds: Math.round(currentSeconds() * 10) / 10, title }]);
  return (
    <>
      <TextForm label={t("chapterTitle")} action={t(isRecording ? "addChapterNow" : "addChapterHere")} onSubmit={add} />
      <ul aria-label={t("chapters")}>
        {chapters.map((chapter) => (
          <li key={`${chapter.seconds} ${chapter.title}`} className="row">
            <span>
              {formatDuration(chapter.seconds)} {chapter.title}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`${t("removeChapter")}: ${chapter.title}`}
              onClick={() => onChange(chapters.filter((other) => other !== chapter))}
            >
              {t("removeChapter")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
