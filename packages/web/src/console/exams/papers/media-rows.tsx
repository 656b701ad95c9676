/** Edits the pictures and sounds of a question or a passage: adds a file, says what a picture shows, and how often a sound may be played. */
import { LIMITS, type Media } from "@lectern/exam";
import { Button } from "@lectern/ui";
import { TRASH_ICON } from "@lectern/ui/icons";
import { Select, TextInput } from "@mantine/core";
import { useContext, useState } from "react";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ChooseFile } from "../../list/csv-import.tsx";
import { PaperIdContext, paperFileUrl } from "./paper-media-context.ts";
import { addedMedia, MEDIA_TYPES } from "./send-media.ts";

const PLAYS = ["1", "2", "3", "4", "5"] as const;

type MediaRowsProps = {
  readonly media: readonly Media[];
  readonly onChange: (media: readonly Media[]) => void;
};

export function MediaRows({ media, onChange }: MediaRowsProps) {
  const { t } = useTranslation();
  const paperId = useContext(PaperIdContext);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");
  const add = async (file: File): Promise<void> => {
    setIsBusy(true);
    setError("");
    try {
      onChange([...media, await addedMedia(paperId, file)]);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    } finally {
      setIsBusy(false);
    }
  };
  const set = (at: number, changed: Media) => onChange(media.map((one, place) => (place === at ? changed : one)));
  return (
    <fieldset className="paper-media-rows">
      <legend>{t("exams.media")}</legend>
      {media.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one file may stand twice
        <div key={`${at} ${one.file}`} className="paper-media-row">
          {one.kind === "picture" ? (
            <img src={paperFileUrl(paperId, one.file)} alt={one.alt} width={one.width} height={one.height} />
          ) : (
            // biome-ignore lint/a11y/useMediaCaption: a listening test is heard
            <audio controls preload="none" src={paperFileUrl(paperId, one.file)} aria-label={one.title || t("paper.sound")} />
          )}
          <MediaFields one={one} onChange={(changed) => set(at, changed)} />
          <Button kind="quiet" icon={TRASH_ICON} onClick={() => onChange(media.toSpliced(at, 1))}>
            {t("exams.removeMedia")}
          </Button>
        </div>
      ))}
      {media.length < LIMITS.media ? (
        <ChooseFile
          label={t(isBusy ? "exams.addingMedia" : "exams.addMedia")}
          types={MEDIA_TYPES}
          isBusy={isBusy}
          onChoose={(file) => void add(file)}
        />
      ) : null}
      <small className="text-muted">{t("exams.mediaHint")}</small>
      {error ? (
        <p className="error" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

function MediaFields({ one, onChange }: { readonly one: Media; readonly onChange: (changed: Media) => void }) {
  const { t } = useTranslation();
  if (one.kind === "picture")
    return (
      <TextInput
        label={t("exams.alt")}
        description={t("exams.altHint")}
        required
        maxLength={LIMITS.mediaLetters}
        autoComplete="off"
        dir="auto"
        value={one.alt}
        onChange={(event) => onChange({ ...one, alt: event.target.value })}
      />
    );
  return (
    <div className="paper-question-fields">
      <TextInput
        label={t("exams.soundTitle")}
        maxLength={LIMITS.mediaLetters}
        autoComplete="off"
        dir="auto"
        value={one.title}
        onChange={(event) => onChange({ ...one, title: event.target.value })}
      />
      <Select
        label={t("exams.plays")}
        placeholder={t("exams.anyPlays")}
        clearable
        data={PLAYS.map((value) => ({ value, label: t("exams.playsTimes", { count: Number(value) }) }))}
        value={one.plays === undefined ? null : String(one.plays)}
        onChange={(value) => {
          const { plays: _, ...rest } = one;
          onChange(value === null ? rest : { ...rest, plays: Number(value) });
        }}
      />
    </div>
  );
}
