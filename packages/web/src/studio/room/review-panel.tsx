/** Shows texts that wait for a decision, with a keyboard for those who review many: A approves, R refuses, J and K move. */

import { type HeldText, heldTextsOf } from "@lectern/room";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

export function ReviewPanel() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const texts = heldTextsOf(room.held("held"));
  const list = useRef<HTMLUListElement>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const index = Math.max(
    0,
    texts.findIndex(({ ref }) => ref === selected),
  );
  const focus = (at: number): void => {
    const text = texts.at(Math.max(0, Math.min(at, texts.length - 1)));
    if (!text) return;
    setSelected(text.ref);
    list.current?.querySelector<HTMLElement>(`[data-ref="${text.ref}"]`)?.focus();
  };
  const decide = (action: "approve" | "refuse", { ref }: HeldText): void => {
    focus(index + (index === texts.length - 1 ? -1 : 1));
    void act("moderation", { action, ref });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const text = texts[index];
    const key = event.key.toLowerCase();
    if (!text || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "a") decide("approve", text);
    else if (key === "r") decide("refuse", text);
    else if (key === "j" || key === "arrowdown") focus(index + 1);
    else if (key === "k" || key === "arrowup") focus(index - 1);
    else return;
    event.preventDefault();
  };
  useFocusKept(list, texts.length);
  if (texts.length === 0) return <p className="text-muted panel-scroll">{t("room.nothingHeld")}</p>;
  return (
    <div className="panel-scroll">
      <p className="text-muted">{t("room.reviewKeys")}</p>
      <ul ref={list} className="review-list" aria-label={t("room.tabs.review")} onKeyDown={onKeyDown}>
        {texts.map((text, position) => (
          <li key={text.ref}>
            <button
              type="button"
              data-ref={text.ref}
              className="held-text"
              tabIndex={position === index ? 0 : -1}
              aria-pressed={position === index}
              onFocus={() => setSelected(text.ref)}
              onClick={() => setSelected(text.ref)}
            >
              <strong>{text.author}</strong>
              <span className="line-text">{text.text}</span>
              {text.reason ? <small className="text-muted">{t("room.heldBecause", { reason: text.reason })}</small> : null}
            </button>
            <span className="chips">
              <button
                type="button"
                className="button small primary"
                aria-label={`${t("room.approve")}: ${text.text}`}
                aria-keyshortcuts="A"
                onClick={() => decide("approve", text)}
              >
                {t("room.approve")}
              </button>
              <button
                type="button"
                className="button small"
                aria-label={`${t("room.refuse")}: ${text.text}`}
                aria-keyshortcuts="R"
                onClick={() => decide("refuse", text)}
              >
                {t("room.refuse")}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A text that has gone takes the focus with it: the next one gets it, so that the keys go on working. */
function useFocusKept(list: { readonly current: HTMLElement | null }, count: number): void {
  const hadFocus = useRef(false);
  useEffect(() => {
    const note = () => {
      hadFocus.current = list.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [list]);
  useEffect(() => {
    if (count > 0 && hadFocus.current && document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>('[data-ref][tabindex="0"]')?.focus();
  }, [list, count]);
}
