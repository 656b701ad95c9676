/** Shows a field for TeX with the formula as it will look. The typesetter is loaded with the first formula. */
import { type Formula, type Item, LIMITS, PALETTE } from "@lectern/board";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { DrawingSession } from "./drawing-session.ts";
import type { typeset as Typeset } from "./formula/typeset.ts";
import type { Spot } from "./pointer-input.ts";
import { colorOf, thicknessOf, widthOf } from "./tools.ts";

type FormulaEditorProps = {
  readonly session: DrawingSession;
  readonly editing: { readonly at: Spot; readonly item: (Item & { readonly content: Formula }) | null };
  readonly onDone: () => void;
};

export function FormulaEditor({ session, editing: { at, item }, onDone }: FormulaEditorProps) {
  const { t } = useTranslation();
  const [tex, setTex] = useState(item?.content.tex ?? "");
  const { typeset, hasFailed } = useTypesetter();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { choice } = session.snapshot();
  const formula = { ...choice, tool: "formula" } as const;
  const color = item?.content.color ?? colorOf(formula);
  const result = typeset && tex.trim() !== "" ? typeset(tex, widthOf("formula", thicknessOf(formula))) : null;
  const shown = result && "paths" in result ? result : null;
  const insert = (event: FormEvent): void => {
    event.preventDefault();
    if (!shown) return;
    const content: Formula = { type: "formula", tex, color, x: at.x, y: at.y, ...shown };
    if (item) session.act([["t", item.id, content]]);
    else session.put(content);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") onDone();
    if (event.key === "Enter" && !event.shiftKey) insert(event);
  };
  return (
    <form className="formula-editor" aria-label={t("drawing.formulaTitle")} onSubmit={insert} onKeyDown={onKeyDown}>
      <label>
        {t("drawing.formulaField")}
        <textarea
          ref={field}
          rows={2}
          value={tex}
          maxLength={LIMITS.textLength}
          spellCheck={false}
          autoCapitalize="off"
          onChange={({ target }) => setTex(target.value)}
        />
      </label>
      <div className="formula-preview" aria-hidden="true">
        {shown ? (
          <svg viewBox={`0 0 ${shown.width} ${shown.height}`} fill={PALETTE[color]} role="presentation">
            <path d={shown.paths} />
          </svg>
        ) : null}
      </div>
      <p role="status">
        {hasFailed
          ? t("drawing.formulaFailed")
          : typeset === null
            ? t("drawing.formulaLoading")
            : result && "problem" in result
              ? t(`drawing.problem.${result.problem}`, { detail: result.detail })
              : t("drawing.formulaHint")}
      </p>
      <div className="formula-buttons">
        <button type="submit" className="button small primary" disabled={!shown}>
          {t("drawing.insert")}
        </button>
        <button type="button" className="button small" onClick={onDone}>
          {t("drawing.cancel")}
        </button>
      </div>
    </form>
  );
}

function useTypesetter() {
  const [typeset, setTypeset] = useState<typeof Typeset | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    let isOver = false;
    import("./formula/typeset.ts").then(
      (loaded) => {
        if (!isOver) setTypeset(() => loaded.typeset);
      },
      () => {
        if (!isOver) setHasFailed(true);
      },
    );
    return () => {
      isOver = true;
    };
  }, []);
  return { typeset, hasFailed };
}
