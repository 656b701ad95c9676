/** Shows the kinds of lessons as small pictures, as an input of a form: who is seen, and how large. */
import { useId } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { LESSON_MODES, type LessonMode } from "./lesson-modes.ts";
import "./series.css";

/** Tiles in a box of 48 × 32: x, y, width, height. The first one is the teacher. */
const TILES: Readonly<Record<LessonMode, readonly (readonly [number, number, number, number])[]>> = {
  broadcast: [[2, 2, 44, 28]],
  "interactive-large": [
    [2, 2, 30, 28],
    [35, 2, 11, 8],
    [35, 12, 11, 8],
    [35, 22, 11, 8],
  ],
  "interactive-small": [
    [2, 2, 44, 17],
    [2, 22, 9, 8],
    [14, 22, 9, 8],
    [25, 22, 9, 8],
    [37, 22, 9, 8],
  ],
  small: [
    [2, 2, 13, 13],
    [18, 2, 13, 13],
    [33, 2, 13, 13],
    [2, 17, 13, 13],
    [18, 17, 13, 13],
    [33, 17, 13, 13],
  ],
  "one-to-one": [
    [2, 5, 21, 22],
    [25, 5, 21, 22],
  ],
};

type ModeInputProps = { readonly value: string; readonly onChange: (value: string) => void };

export function ModeInput({ value, onChange }: ModeInputProps) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className="mode-input">
      <legend>{t("fields.mode")}</legend>
      {LESSON_MODES.map((mode) => (
        <label key={mode} className="mode-choice">
          <input type="radio" name={name} value={mode} checked={mode === value} onChange={() => onChange(mode)} />
          <svg viewBox="0 0 48 32" width={48} height={32} aria-hidden="true">
            {TILES[mode].map(([x, y, width, height], i) => (
              <rect key={`${x} ${y}`} className={i === 0 ? "mode-teacher" : ""} x={x} y={y} width={width} height={height} rx={2} />
            ))}
          </svg>
          <span>{t(`lessonModes.${mode}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
