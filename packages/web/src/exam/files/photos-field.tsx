/** Takes the photos of an essay: with the camera or from the device, several pages, turned, ordered, removed. Each is on the device at once, and goes to the server by itself. */
import type { AnswerValue } from "@lectern/exam";
import { LIMITS } from "@lectern/exam";
import { Button, type Icon } from "@lectern/ui";
import { CAMERA_ICON, DOWN_ICON, REDO_ICON, TRASH_ICON, UP_ICON, UPLOAD_ICON } from "@lectern/ui/icons";
import { type ChangeEvent, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import type { AnswerFiles } from "./answer-files.ts";
import { useAnswerFiles } from "./answer-files-context.ts";
import { FileStateText } from "./file-state.tsx";
import { uploadsOf } from "./named-uploads.ts";
import { scaledPhoto } from "./scaled-photo.ts";
import "./files.css";

export function PhotosField({ question, value, onChange, isDisabled, labelId }: AnswerFieldProps<"essay">) {
  const { t } = useTranslation();
  const files = useAnswerFiles();
  const { ids, problem, isBusy, set, add, turn } = usePhotos(files, question.id, value, onChange);
  const isOff = isDisabled || files === null || isBusy;
  const isFull = ids.length >= LIMITS.uploads;
  return (
    <fieldset className="photos-field" aria-labelledby={labelId}>
      {ids.length > 0 && files ? (
        <ol className="photo-list">
          {ids.map((id, at) => (
            <Photo
              key={id}
              files={files}
              id={id}
              number={at + 1}
              isDisabled={isOff}
              isLast={at === ids.length - 1}
              onTurn={() => void turn(id)}
              onMove={(step) => set(ids.toSpliced(at, 1).toSpliced(at + step, 0, id))}
              onRemove={() => {
                set(ids.filter((one) => one !== id));
                files.remove(id);
              }}
            />
          ))}
        </ol>
      ) : null}
      {problem ? (
        <p className="error" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="photo-buttons">
        <PhotoInput label={t("paper.takePhoto")} icon={CAMERA_ICON} isDisabled={isOff || isFull} hasCamera onPhotos={add} />
        <PhotoInput label={t("paper.choosePhotos")} icon={UPLOAD_ICON} isDisabled={isOff || isFull} onPhotos={add} />
      </div>
      <small className="text-muted" role="status">
        {isBusy ? t("paper.photoPreparing") : t("paper.photoCount", { count: ids.length, most: LIMITS.uploads })}
      </small>
    </fieldset>
  );
}

/** The pages of an answer, and what changes them. */
function usePhotos(files: AnswerFiles | null, question: string, value: AnswerValue, onChange: (value: AnswerValue) => void) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const ids = uploadsOf(value);
  // A photo is made while other things may happen to the answer.
  const now = useRef(ids);
  now.current = ids;
  const set = (next: readonly string[]): void => {
    now.current = next;
    onChange(next.length === 0 ? null : { uploads: next });
  };
  const make = async (act: (into: AnswerFiles) => Promise<void>): Promise<void> => {
    if (!files) return;
    setProblem("");
    setIsBusy(true);
    await act(files).catch(() => setProblem(t("paper.photoUnreadable")));
    setIsBusy(false);
  };
  const add = (photos: readonly Blob[]) =>
    make(async (into) => {
      for (const photo of photos.slice(0, LIMITS.uploads - now.current.length)) {
        const id = await into.add(question, await scaledPhoto(photo));
        set([...now.current, id]);
      }
    });
  const turn = (id: string) =>
    make(async (into) => {
      const { content } = into.fileOf(id);
      if (!content) return;
      const turned = await into.add(question, await scaledPhoto(content, 1));
      set(now.current.map((one) => (one === id ? turned : one)));
      into.remove(id);
    });
  return { ids, problem, isBusy, set, add, turn };
}

type PhotoInputProps = {
  readonly label: string;
  readonly icon: Parameters<typeof Icon>[0]["drawing"];
  readonly isDisabled: boolean;
  /** Phones open the camera at once; other devices ask for a file. */
  readonly hasCamera?: boolean;
  readonly onPhotos: (photos: readonly Blob[]) => Promise<void>;
};

function PhotoInput({ label, icon, isDisabled, hasCamera = false, onPhotos }: PhotoInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const take = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const photos = [...(target.files ?? [])];
    // The same file can be chosen again.
    target.value = "";
    void onPhotos(photos);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*"
        {...(hasCamera ? { capture: "environment" as const } : { multiple: true })}
        onChange={take}
      />
      <Button icon={icon} disabled={isDisabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}

type PhotoProps = {
  readonly files: AnswerFiles;
  readonly id: string;
  readonly number: number;
  readonly isDisabled: boolean;
  readonly isLast: boolean;
  readonly onTurn: () => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
};

function Photo({ files, id, number, isDisabled, isLast, onTurn, onMove, onRemove }: PhotoProps) {
  const { t } = useTranslation();
  const file = files.fileOf(id);
  const name = t("paper.page", { number });
  return (
    <li className="photo">
      {file.url ? <img src={file.url} alt={name} /> : <div className="photo-empty">{name}</div>}
      <span className="photo-foot">
        <b>{name}</b> <FileStateText file={file} />
      </span>
      <span className="photo-actions">
        <Button
          kind="quiet"
          icon={REDO_ICON}
          aria-label={t("paper.turnPage", { number })}
          disabled={isDisabled || !file.url}
          onClick={onTurn}
        />
        <Button
          kind="quiet"
          icon={UP_ICON}
          aria-label={t("paper.pageUp", { number })}
          disabled={isDisabled || number === 1}
          onClick={() => onMove(-1)}
        />
        <Button
          kind="quiet"
          icon={DOWN_ICON}
          aria-label={t("paper.pageDown", { number })}
          disabled={isDisabled || isLast}
          onClick={() => onMove(1)}
        />
        <Button
          kind="quiet"
          icon={TRASH_ICON}
          aria-label={t("paper.removePage", { number })}
          disabled={isDisabled}
          onClick={onRemove}
        />
      </span>
    </li>
  );
}
