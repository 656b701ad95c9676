/** Shows one line about the connection to the room, while it is not open. */
import { useEffect, useState } from "react";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";

/** Most connections are there sooner, and a line that comes and goes moves everything below it. */
const LATE_MS = 1500;

export function RoomNotice({ room: { status, failure } }: { room: Room }) {
  const { t } = useTranslation();
  const isLate = useLate(status === "connecting" || status === "reconnecting");
  if (status === "open" || (status !== "closed" && !isLate)) return null;
  const text =
    status === "closed" ? (failure?.detail ?? t("roomClosed")) : t(status === "connecting" ? "connectingRoom" : "reconnectingRoom");
  return (
    <p className="room-notice" role="status">
      {text}
    </p>
  );
}

/** Whether something has been waited for so long that a person should be told. */
function useLate(isWaiting: boolean): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setIsLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [isWaiting]);
  return isLate;
}
