/** Shows items that are brought into an order: by buttons, or by dragging their handle. */
import type { AnswerValue, Option } from "@lectern/exam";
import { Button } from "@lectern/ui";
import { DOWN_ICON, UP_ICON } from "@lectern/ui/icons";
import { type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { RichText } from "./rich-text.tsx";

export function OrderingField({ question, value, onChange, isDisabled, labelId }: AnswerFieldProps<"ordering">) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [spoken, setSpoken] = useState("");
  const [dragged, setDragged] = useState<string | null>(null);
  const items = orderedItems(question.items, value);
  const order = items.map(({ id }) => id);
  const move = (id: string, to: number): void => {
    if (to < 0 || to >= order.length || order[to] === id) return;
    onChange(order.filter((one) => one !== id).toSpliced(to, 0, id));
    setSpoken(t("paper.movedTo", { place: to + 1, of: order.length }));
  };
  const drag = (event: PointerEvent): void => {
    if (dragged === null) return;
    const rows = [...(list.current?.children ?? [])];
    const to = rows.findIndex((row) => event.clientY < row.getBoundingClientRect().bottom);
    move(dragged, to < 0 ? rows.length - 1 : to);
  };
  return (
    <fieldset className="ordering" aria-labelledby={labelId} disabled={isDisabled}>
      <p className="text-muted">{t("paper.orderHint")}</p>
      <ol ref={list}>
        {items.map(({ id, text }, at) => (
          <li key={id} className={id === dragged ? "dragged" : undefined}>
            <span
              className="drag-handle"
              aria-hidden="true"
              onPointerDown={(event) => {
                if (isDisabled) return;
                event.currentTarget.setPointerCapture(event.pointerId);
                setDragged(id);
              }}
              onPointerMove={drag}
              onPointerUp={() => setDragged(null)}
              onPointerCancel={() => setDragged(null)}
            >
              ⠿
            </span>
            <RichText text={text} />
            <span className="order-buttons">
              <Button
                kind="quiet"
                icon={UP_ICON}
                aria-label={t("paper.moveUp", { item: text })}
                aria-disabled={at === 0}
                onClick={() => move(id, at - 1)}
              />
              <Button
                kind="quiet"
                icon={DOWN_ICON}
                aria-label={t("paper.moveDown", { item: text })}
                aria-disabled={at === items.length - 1}
                onClick={() => move(id, at + 1)}
              />
            </span>
          </li>
        ))}
      </ol>
      {Array.isArray(value) ? null : (
        <button type="button" className="button small" onClick={() => onChange(order)}>
          {t("paper.orderIsRight")}
        </button>
      )}
      <p className="unseen" role="status">
        {spoken}
      </p>
    </fieldset>
  );
}

/** As the candidate has ordered them; those that the answer lacks follow. */
function orderedItems(items: readonly Option[], value: AnswerValue): readonly Option[] {
  const order: readonly string[] = Array.isArray(value) ? value : [];
  const placed = order.flatMap((id) => items.find((item) => item.id === id) ?? []);
  return [...placed, ...items.filter(({ id }) => !order.includes(id))];
}
