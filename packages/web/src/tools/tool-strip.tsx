/**
 * Shows what the tools of a lesson say to everybody, in one strip: the timer, who was picked, who speaks next, dice, who got stars. It stands beside the stage and never over it. Loaded
 * when a room has the first entry of a tool.
 */
import { formatDuration } from "@lectern/player/format-duration";
import type { PickedPerson, SpeakingOrder, Stars, ThrownDice } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CLOCK_ICON, DRAW_LOTS_ICON, LINES_ICON, PEOPLE_ICON, STAR_ICON } from "@lectern/ui/icons";
import { useEffect } from "react";
import { addTranslations } from "../i18n.ts";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { TOOL_MESSAGES } from "./messages.ts";
import { type ShownTimer, type ShownTools, shownTools } from "./shown-tools.ts";
import "./tool-strip.css";
import { liveClock, type RoomClock, useRoomTime } from "./use-room-time.ts";

addTranslations(TOOL_MESSAGES);

type ToolStripProps = {
  readonly room: Room;
  /** Default: the server's time of now. */
  readonly clock?: RoomClock;
  /** Tells a screen reader. Default: the strip itself is not read aloud. */
  readonly announce?: (text: string) => void;
};

export function ToolStrip({ room, clock = liveClock, announce }: ToolStripProps) {
  const { t } = useTranslation();
  const now = useRoomTime(clock, (at) => shownTools(room, at).isPassing);
  const shown = now === null ? null : shownTools(room, now);
  useSpoken(shown, announce);
  if (!shown || isEmpty(shown)) return null;
  const you = room.you?.id ?? null;
  return (
    <section className="tool-strip" aria-label={t("tools.name")}>
      {shown.timer ? <TimerChip timer={shown.timer} /> : null}
      {shown.picked ? <PickedChip key={shown.picked.seq} picked={shown.picked} you={you} /> : null}
      {shown.order ? <OrderChip order={shown.order} you={you} /> : null}
      {shown.dice ? <DiceChip key={shown.dice.seq} dice={shown.dice} /> : null}
      {shown.groups === null ? null : (
        <p className="tool-chip">
          <Icon drawing={PEOPLE_ICON} />
          <span>{t("tools.groups", { count: shown.groups })}</span>
        </p>
      )}
      {shown.stars.map((stars) => (
        <StarsChip key={stars.seq} stars={stars} you={you} />
      ))}
    </section>
  );
}

function isEmpty({ timer, picked, dice, order, groups, stars }: ShownTools): boolean {
  return timer === null && picked === null && dice === null && order === null && groups === null && stars.length === 0;
}

function TimerChip({ timer: { seconds, isStopwatch, isPaused, isOver } }: { readonly timer: ShownTimer }) {
  const { t } = useTranslation();
  return (
    <p className={isOver ? "tool-chip urgent" : "tool-chip"}>
      <Icon drawing={CLOCK_ICON} />
      <span className="tool-time" role="timer" aria-label={t(isStopwatch ? "tools.stopwatch" : "tools.timer")}>
        {formatDuration(seconds)}
      </span>
      {isOver ? <strong>{t("tools.over")}</strong> : isPaused ? <span>{t("tools.paused")}</span> : null}
    </p>
  );
}

type PickedChipProps = { readonly picked: PickedPerson; readonly you: string | null };

function PickedChip({ picked: { person, name, isGuest }, you }: PickedChipProps) {
  const { t } = useTranslation();
  const isOwn = person === you;
  return (
    <p className={isOwn ? "tool-chip urgent" : "tool-chip"}>
      <Icon drawing={DRAW_LOTS_ICON} />
      <span>{t("tools.picked")}</span>
      <strong>
        <bdi>{isOwn ? t("tools.you") : name}</bdi>
      </strong>
      {isGuest && !isOwn ? <small>{t("tools.guest")}</small> : null}
    </p>
  );
}

type OrderChipProps = { readonly order: SpeakingOrder; readonly you: string | null };

/** Whose turn it is, and who is next. */
function OrderChip({ order: { people, place }, you }: OrderChipProps) {
  const { t } = useTranslation();
  const nameOf = (index: number): string | null => {
    const one = people[index];
    return one === undefined ? null : one.person === you ? t("tools.you") : one.name;
  };
  const next = nameOf(place + 1);
  return (
    <p className={people[place]?.person === you ? "tool-chip urgent" : "tool-chip"}>
      <Icon drawing={LINES_ICON} />
      <span>{t("tools.speaks")}</span>
      <strong>
        <bdi>{nameOf(place)}</bdi>
      </strong>
      {next === null ? null : (
        <span>
          {t("tools.then")} <bdi>{next}</bdi>
        </span>
      )}
    </p>
  );
}

function DiceChip({ dice: { values } }: { readonly dice: ThrownDice }) {
  const { t } = useTranslation();
  return (
    <p className="tool-chip">
      <Icon drawing={DRAW_LOTS_ICON} />
      <span>{t("tools.dice")}</span>
      <strong className="tool-time">{values.join(" · ")}</strong>
    </p>
  );
}

type StarsChipProps = { readonly stars: Stars; readonly you: string | null };

function StarsChip({ stars: { person, name, given }, you }: StarsChipProps) {
  const { t } = useTranslation();
  return (
    <p className="tool-chip">
      <Icon drawing={STAR_ICON} />
      <span>{t("tools.stars", { count: given })}</span>
      <strong>
        <bdi>{person === you ? t("tools.you") : name}</bdi>
      </strong>
    </p>
  );
}

/** What is said of the state of a timer: the seconds that pass are not read aloud. Null: nothing. */
function useTimerWords(timer: ShownTimer | null): string | null {
  const { t } = useTranslation();
  if (timer === null) return null;
  if (timer.isOver) return t("tools.over");
  const name = t(timer.isStopwatch ? "tools.stopwatch" : "tools.timer");
  return timer.isPaused ? `${name}: ${t("tools.paused")}` : t(timer.isStopwatch ? "tools.stopwatchRuns" : "tools.timerRuns");
}

/** Each thing once. */
function useSpoken(shown: ShownTools | null, announce: ToolStripProps["announce"]): void {
  const { t } = useTranslation();
  const timer = useTimerWords(shown?.timer ?? null);
  const picked = shown?.picked ?? null;
  const stars = shown?.stars[0] ?? null;
  const dice = shown?.dice ?? null;
  const speaker = shown?.order?.people[shown.order.place] ?? null;
  useEffect(() => {
    if (timer !== null) announce?.(timer);
  }, [timer, announce]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each entry
  useEffect(() => {
    if (picked) announce?.(t("tools.pickedName", { name: picked.name }));
  }, [picked?.seq, announce]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each entry
  useEffect(() => {
    if (stars) announce?.(t("tools.starsFor", { count: stars.given, name: stars.name }));
  }, [stars?.seq, announce]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each throw
  useEffect(() => {
    if (dice) announce?.(`${t("tools.dice")}: ${dice.values.join(", ")}`);
  }, [dice?.seq, announce]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each speaker
  useEffect(() => {
    if (speaker) announce?.(`${t("tools.speaks")} ${speaker.name}`);
  }, [shown?.order?.seq, announce]);
}
