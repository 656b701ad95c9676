/** Shows the lines of the chat, of which only those in sight are drawn. It stays at the newest line unless the person has scrolled up. */
import { Icon } from "@lectern/ui";
import { DOWN_ICON } from "@lectern/ui/icons";
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ScrollArea } from "../../parts/scroll-area.tsx";
import { ChatLineItem } from "./chat-line.tsx";
import type { ChatLine } from "./chat-lines.ts";
import { virtualWindow } from "./virtual-window.ts";

/** Of a line that was not measured yet, in pixels. */
const GUESSED_HEIGHT = 64;
/** The list counts as scrolled down within this distance of its end, in pixels. */
const AT_END = 48;

type ChatListProps = {
  readonly lines: readonly ChatLine[];
  readonly onReply: ((line: ChatLine) => void) | null;
  /** Names the list. Default: the messages. */
  readonly label?: string;
  /** Shown before the first line. */
  readonly before: ReactNode;
};

export function ChatList({ lines, label, onReply, before }: ChatListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLElement | null>(null);
  const heights = useRef(new Map<string, number>());
  const [view, setView] = useState({ top: Number.MAX_SAFE_INTEGER, height: 600 });
  const isAtEnd = useRef(true);
  const [seenRef, setSeenRef] = useState<string | null>(null);
  const newest = lines.at(-1)?.ref ?? null;
  const sizes = lines.map(({ ref }) => heights.current.get(ref) ?? GUESSED_HEIGHT);
  const shown = virtualWindow(
    sizes,
    view.top === Number.MAX_SAFE_INTEGER ? sizes.reduce((sum, one) => sum + one, 0) - view.height : view.top,
    view.height,
  );

  const onScroll = useCallback(() => {
    const element = list.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, []);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
      onScroll();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [onScroll]);

  useMeasuring(list, heights, isAtEnd);

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolling down shows what is new
  useEffect(() => {
    if (isAtEnd.current) setSeenRef(newest);
  }, [newest, view]);
  const unseen = useMemo(() => countAfter(lines, seenRef), [lines, seenRef]);
  const toEnd = (): void => {
    const element = list.current;
    if (!element) return;
    isAtEnd.current = true;
    element.scrollTop = element.scrollHeight;
    setSeenRef(newest);
  };
  return (
    <div className="chat-list-area">
      <ScrollArea className="chat-list" label={label ?? t("messages")} areaRef={list} onScroll={onScroll}>
        {before}
        {lines.length === 0 && before === null ? <p className="empty">{t("noMessages")}</p> : null}
        <ul>
          <li className="space" aria-hidden="true" style={{ height: shown.before }} />
          {lines.slice(shown.start, shown.end).map((line) => (
            <li key={line.ref} data-ref={line.ref}>
              <ChatLineItem line={line} onReply={onReply} />
            </li>
          ))}
          <li className="space" aria-hidden="true" style={{ height: shown.after }} />
        </ul>
      </ScrollArea>
      {unseen > 0 && !isAtEnd.current ? (
        <button type="button" className="new-messages" onClick={toEnd}>
          <Icon drawing={DOWN_ICON} /> {t("newMessages", { count: unseen })}
        </button>
      ) : null}
    </div>
  );
}

/** Measures the lines that are drawn, and draws again when a guess was wrong. The end stays in sight where it was. */
function useMeasuring(
  list: RefObject<HTMLElement | null>,
  heights: RefObject<Map<string, number>>,
  isAtEnd: RefObject<boolean>,
): void {
  const [, setMeasured] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    let hasChanged = false;
    for (const item of element.querySelectorAll<HTMLElement>("[data-ref]")) {
      const ref = item.dataset["ref"] ?? "";
      const height = item.offsetHeight;
      if (height > 0 && heights.current.get(ref) !== height) {
        heights.current.set(ref, height);
        hasChanged = true;
      }
    }
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    if (hasChanged) setMeasured((count) => count + 1);
  });
}

function countAfter(lines: readonly ChatLine[], ref: string | null): number {
  if (ref === null) return 0;
  const others = (list: readonly ChatLine[]) => list.filter(({ isOwn }) => !isOwn).length;
  const index = lines.findIndex((line) => line.ref === ref);
  return index < 0 ? 0 : others(lines.slice(index + 1));
}
