/** One line about the connection to the room, while it is not open. */
import { useTranslation } from "react-i18next";
import type { Room } from "../../room/use-room.ts";

export function RoomNotice({ room: { status, failure } }: { room: Room }) {
  const { t } = useTranslation();
  if (status === "open") return null;
  const text =
    status === "closed" ? (failure?.detail ?? t("roomClosed")) : t(status === "connecting" ? "connectingRoom" : "reconnectingRoom");
  return (
    <p className="room-notice" role="status">
      {text}
    </p>
  );
}
