/** Shows what the teacher has to know of the room: how many are here, whether the line holds, what the server does without, and how the last action went. */

import { numberOf, textOf } from "@lectern/room";
import { Button } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { shedIn } from "../../room/shed.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

/** What teachers notice. */
const NOTICED = ["reactions", "danmaku", "roster", "quick-chat", "ladder-starts", "joins"] as const;

/** Without those who teach: a teacher who is alone reads 0. */
export function RoomCount() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const people = room.signal("people") ?? {};
  const all = numberOf(people, "count");
  const count = all === null ? null : Math.max(0, all - (numberOf(people, "staff") ?? 0));
  return (
    <span className="room-count" data-count={count ?? "–"}>
      {count === null ? "–" : t("room.here", { count })}
    </span>
  );
}

/** Whether the line is there, beside the heading, where it moves nothing. */
export function RoomLine() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const waiting = room.pending.length;
  const words = [
    ...(room.status === "connecting" || room.status === "reconnecting" ? [t(`room.status.${room.status}`)] : []),
    ...(room.status === "reconnecting" && waiting > 0 ? [t("room.waiting", { count: waiting })] : []),
  ];
  return (
    <p role="status" className="room-line" title={words.join(" ")}>
      {words.join(" ")}
    </p>
  );
}

export function RoomStatus() {
  const { t, i18n } = useTranslation();
  const { room } = useTeacherRoom();
  const picture = room.one("picture");
  const reason = textOf(picture?.body ?? {}, "reason") ?? "";
  const shed = shedIn(room, NOTICED).map((name) => t(`room.shedNames.${name}`));
  return (
    <>
      <p role="status" className="room-status">
        {room.status === "closed" ? (room.failure?.detail ?? t("room.closed")) : null}
      </p>
      {picture ? (
        <p role="alert" className="room-status shed">
          {t(reason === "" ? "room.pictureDoubted" : "room.pictureDoubtedWhy", { reason })}
        </p>
      ) : null}
      {shed.length > 0 ? (
        <p role="status" className="room-status shed">
          {t("room.shed", { what: new Intl.ListFormat(i18n.language).format(shed) })}
        </p>
      ) : null}
    </>
  );
}

/** The last refusal, or what can be undone. */
export function NoticeLine() {
  const { t } = useTranslation();
  const { notice, setNotice } = useTeacherRoom();
  return (
    <div role="status" className="notice-line">
      {notice ? (
        <p className={notice.isFailure ? "error" : ""}>
          <span className="grow">{notice.text}</span>
          {notice.undo ? (
            <button
              type="button"
              className="button small"
              onClick={() => {
                notice.undo?.();
                setNotice(null);
              }}
            >
              {t("undo")}
            </button>
          ) : null}
          {notice.more ? (
            <button type="button" className="button small" onClick={notice.more.run}>
              {notice.more.label}
            </button>
          ) : null}
          <Button kind="quiet" icon={CLOSE_ICON} aria-label={t("room.close")} onClick={() => setNotice(null)} />
        </p>
      ) : null}
    </div>
  );
}
