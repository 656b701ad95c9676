/** Shows one candidate on the wall: the newest picture, who it is, the time that is left, and what needs attention. */
import { Icon } from "@lectern/ui";
import { CAMERA_OFF_ICON, CHECK_ICON, CLOCK_ICON, MAIL_ICON, PEN_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useEffect, useRef, useState } from "react";
import { clockText } from "../../exam/attempt/clock-text.ts";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { PictureFault } from "../stills/still-check.ts";
import { StillView } from "../stills/still-view.tsx";
import { attentionLevel, attentionOf, attentionWords, factWords } from "./attention.ts";
import type { StreamKind, WallItem } from "./wall-types.ts";

type TileProps = {
  readonly item: WallItem;
  readonly kind: StreamKind;
  /** It has the focus when somebody comes to the wall by the keyboard. */
  readonly isFirst: boolean;
  readonly isOpen: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
};

export function Tile({ item, kind, isFirst, isOpen, onFocus, onOpen }: TileProps) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<PictureFault>(null);
  const tile = useRef<HTMLButtonElement>(null);
  const isSeen = useIsSeen(tile);
  const stream = item.streams[kind];
  const still = stream?.still ?? null;
  const codes = attentionOf(item.attention, still === null ? null : fault);
  const level = attentionLevel(codes);
  // What was noted says more than that something was.
  const [fact] = item.facts.newest;
  const said = codes.map((code) => (code === "facts" && fact ? factWords(t, fact.fact) : attentionWords(t, code)));
  return (
    <li>
      <button
        ref={tile}
        type="button"
        className="tile"
        data-level={level ?? "none"}
        data-state={item.state}
        aria-pressed={isOpen}
        tabIndex={isFirst ? 0 : -1}
        onFocus={onFocus}
        onClick={onOpen}
      >
        <span className="tile-picture">
          {still !== null && isSeen ? (
            <StillView key={kind} address={still} onFault={setFault} label={t(`wall.pictures.${kind}`, { name: item.name })} />
          ) : still === null ? (
            <span className="tile-none">
              <Icon drawing={item.state === "handed-in" ? CHECK_ICON : CAMERA_OFF_ICON} />
              {t(item.state === "handed-in" ? "wall.states.handed-in" : stream ? "wall.noPicture" : "wall.notFilmed")}
            </span>
          ) : null}
          {said[0] === undefined ? null : (
            <span className="tile-attention">
              <Icon drawing={codes[0] === "paused" ? CLOCK_ICON : WARNING_ICON} />
              <span>{said[0]}</span>
              {said.length > 1 ? <span aria-hidden="true">+{said.length - 1}</span> : null}
              <span className="unseen">{said.slice(1).join(", ")}</span>
            </span>
          )}
        </span>
        <span className="tile-name" dir="auto">
          {item.name}
        </span>
        <span className="tile-facts">
          <TimeOf item={item} />
          {item.login === null ? null : <span className="tile-login">{item.login}</span>}
          {item.unseenMessages > 0 ? (
            <span title={t("wall.unseenMessages", { count: item.unseenMessages })}>
              <Icon drawing={MAIL_ICON} />
              <span className="unseen">{t("wall.unseenMessages", { count: item.unseenMessages })}</span>
            </span>
          ) : null}
          {item.notes > 0 ? (
            <span title={t("wall.noteCount", { count: item.notes })}>
              <Icon drawing={PEN_ICON} />
              <span className="unseen">{t("wall.noteCount", { count: item.notes })}</span>
            </span>
          ) : null}
        </span>
      </button>
    </li>
  );
}

/** The time that is left while a candidate sits; else what the candidate is at. */
export function TimeOf({ item }: { readonly item: Pick<WallItem, "state" | "endsAt" | "pausedAt"> }) {
  const { t } = useTranslation();
  const endsAt = item.endsAt === null ? null : Date.parse(item.endsAt);
  const seconds = useSecondsUntil(item.state === "sitting" ? endsAt : null);
  if (item.state === "sitting" && seconds !== null) return <span className="tile-time">{clockText(seconds)}</span>;
  if (item.state === "paused" && endsAt !== null && item.pausedAt !== null) {
    const left = Math.max(0, Math.ceil((endsAt - Date.parse(item.pausedAt)) / 1000));
    return <span className="tile-time">{clockText(left)}</span>;
  }
  return <span>{t(`wall.states.${item.state}`)}</span>;
}

/** Whether it is in sight, or nearly: others fetch no pictures. */
function useIsSeen(element: { readonly current: Element | null }): boolean {
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const watch = new IntersectionObserver((entries) => setIsSeen(entries.at(-1)?.isIntersecting ?? false), { rootMargin: "80px" });
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return isSeen;
}
