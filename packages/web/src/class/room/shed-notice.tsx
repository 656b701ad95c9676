/** Shows members one line about what the server does without in their class for now. */
import { shedIn } from "../../room/shed.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";

/** What members notice. */
const NOTICED = ["reactions", "danmaku", "roster", "quick-chat", "ladder-starts"] as const;

export function ShedNotice({ room }: { room: Room }) {
  const { t, i18n } = useTranslation();
  const names = shedIn(room, NOTICED).map((name) => t(`shedNames.${name}`));
  if (names.length === 0) return null;
  return (
    <p className="room-notice" role="status">
      {t("shed", { what: new Intl.ListFormat(i18n.language).format(names) })}
    </p>
  );
}
