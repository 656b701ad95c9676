/** Shows the hand: one toggle, which shows one's place among those that are raised, and says so while this person speaks. */

import { handsOf, onStage, stageOf, textOf } from "@lectern/room";
import { HAND_ICON } from "@lectern/ui/icons";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DockFace } from "../parts/dock-face.tsx";
import { useSend } from "../parts/use-send.ts";

export function HandButton({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const isSpeaking = onStage(stageOf(room)).some(({ person }) => person === room.you?.id);
  const hands = handsOf(room.held("hand"));
  const index = hands.findIndex(({ person }) => person === room.you?.id);
  const isUp = index >= 0;
  const isCalled = hands[index]?.isCalled === true;
  const done = isUp ? "raise" : "lower";
  // What is seen already may not be acknowledged yet.
  const isPending = room.pending.some(({ kind, body }) => kind === "hand" && textOf(body, "action") !== done);
  const place = hands.slice(0, index).filter((hand) => !hand.isCalled).length + 1;
  if (isSpeaking)
    return (
      <button type="button" className="dock-button chosen" disabled>
        <DockFace icon={HAND_ICON} label={t("youSpeak")} />
      </button>
    );
  return (
    <>
      <button
        type="button"
        className={isUp ? "dock-button chosen" : "dock-button"}
        aria-pressed={isUp}
        aria-label={isUp ? t("lowerHand", { place }) : t("raiseHand")}
        aria-busy={isPending}
        onClick={() => void (isPending ? null : send("hand", { action: isUp ? "lower" : "raise" }))}
      >
        <DockFace icon={HAND_ICON} label={isUp ? t("handPlace", { place }) : t("hand")} />
      </button>
      {failure || isCalled ? (
        <p className="dock-notice" role="status">
          {failure || t("handCalled")}
        </p>
      ) : null}
    </>
  );
}
