/** The hand: one toggle, which shows one's place among those that are raised. */
import { HAND_ICON } from "@lectern/ui/icons";
import { useTranslation } from "react-i18next";
import type { Room } from "../../room/use-room.ts";
import { numberOf, textOf, type WireEntry } from "../../room/wire.ts";
import { DockFace } from "../parts/dock-face.tsx";
import { useSend } from "../parts/use-send.ts";

/** Raised hands in the order in which they were raised. */
export function handsOf(room: Room): readonly WireEntry[] {
  return room.held("hand").toSorted((one, other) => sinceOf(one) - sinceOf(other));
}

export function HandButton({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const hands = handsOf(room);
  const index = hands.findIndex(({ body }) => textOf(body, "person") === room.you?.id);
  const isUp = index >= 0;
  const isCalled = isUp && textOf(hands[index]?.body ?? {}, "state") === "called";
  const done = isUp ? "raise" : "lower";
  // What is seen already may not be acknowledged yet.
  const isPending = room.pending.some(({ kind, body }) => kind === "hand" && textOf(body, "action") !== done);
  const place = hands.slice(0, index).filter(({ body }) => textOf(body, "state") === "raised").length + 1;
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

function sinceOf({ body, at }: WireEntry): number {
  return numberOf(body, "since") ?? at;
}
