/** Shows the lines of the chat, the newest at the bottom. The list follows them unless somebody reads further up. */

import type { ChatLine } from "@lectern/room";
import { Menu, type MenuItem } from "@lectern/ui";
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";

/** Pixels from the end within which the list follows. */
const NEAR_END = 48;

type ChatListProps = {
  readonly lines: readonly ChatLine[];
  /** Those that were sent, and are not stored yet. */
  readonly pending: readonly { readonly id: string; readonly text: string }[];
  readonly menuOf: (line: ChatLine) => readonly MenuItem[];
  /** Names the list. Default: the chat. */
  readonly label?: string;
};

export function ChatList({ lines, pending, menuOf, label }: ChatListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const newest = `${lines.at(-1)?.key} ${pending.length}`;
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows each new line
  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [newest, isAtEnd]);
  useFollowSize(list, isAtEnd);
  const onScroll = (): void => {
    const element = list.current;
    if (element && element.clientHeight > 0) setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END);
  };
  const byRef = useMemo(() => new Map(lines.map((line) => [line.ref, line])), [lines]);
  const names = useMemo(() => new Map(lines.map(({ author }) => [author.id, author.name])), [lines]);
  // The same function each time: lines that have not changed are not drawn again.
  const latestMenu = useRef(menuOf);
  latestMenu.current = menuOf;
  const stableMenu = useCallback((line: ChatLine) => latestMenu.current(line), []);
  return (
    <div className="chat-lines">
      <div ref={list} className="chat-scroll" role="log" aria-label={label ?? t("room.tabs.chat")} onScroll={onScroll}>
        <ul>
          {lines.length + pending.length === 0 ? <li className="text-muted">{t("room.noLines")}</li> : null}
          {lines.map((line) => (
            <Line
              key={line.key}
              line={line}
              replied={(line.replyTo && byRef.get(line.replyTo)) || null}
              recipient={typeof line.to === "object" && "participant" in line.to ? (names.get(line.to.participant) ?? null) : null}
              menuOf={stableMenu}
            />
          ))}
          {pending.map(({ id, text }) => (
            <li key={id} className="chat-line pending">
              <span className="line-text">
                {text} <small className="text-muted">{t("room.sending")}</small>
              </span>
            </li>
          ))}
        </ul>
      </div>
      {isAtEnd ? null : (
        <button type="button" className="button small to-end" onClick={toEnd}>
          {t("room.toNewest")}
        </button>
      )}
    </div>
  );
}

/** A tab that was hidden, or a window that was made smaller, shows the newest line still. */
function useFollowSize(list: { readonly current: HTMLElement | null }, isAtEnd: boolean): void {
  useEffect(() => {
    const element = list.current;
    if (!element || !isAtEnd) return;
    const observer = new ResizeObserver(() => element.scrollTo({ top: element.scrollHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, isAtEnd]);
}

type LineProps = {
  readonly line: ChatLine;
  /** The line that this one replies to. */
  readonly replied: ChatLine | null;
  /** Whom a private line is for; null: nobody in particular, or a person without a line. */
  readonly recipient: string | null;
  readonly menuOf: ChatListProps["menuOf"];
};

const Line = memo(function Line({ line, replied, recipient, menuOf }: LineProps) {
  const { t, i18n } = useTranslation();
  const { author, at, text, to, isMasked } = line;
  const audience = recipient ? t("room.privateTo", { name: recipient }) : t(to === "staff" ? "room.toStaffOnly" : "room.private");
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(at);
  return (
    <li className="chat-line">
      <div className="grow">
        <p className="line-author">
          <strong>{shownName(author.name, t("room.erasedPerson")) || t("room.server")}</strong>
          {author.isStaff ? <small className="badge">{t("room.staff")}</small> : null}
          {to === "all" || (typeof to === "object" && "members" in to) ? null : <small className="badge private">{audience}</small>}
          <time className="text-muted" dateTime={new Date(at).toISOString()}>
            {time}
          </time>
        </p>
        {replied ? (
          <p className="text-muted line-text quoted">
            {shownName(replied.author.name, t("room.erasedPerson"))}: {replied.text ?? "…"}
          </p>
        ) : null}
        <p className={`line-text ${text === null ? "text-muted" : ""}`}>{text ?? t("room.lineDeleted")}</p>
        {isMasked ? <small className="text-muted">{t("room.masked")}</small> : null}
      </div>
      <Menu label={`${t("room.more")}: ${text ?? author.name}`} items={() => menuOf(line)} />
    </li>
  );
});
