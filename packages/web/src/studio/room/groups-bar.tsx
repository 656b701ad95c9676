/**
 * Shows above the tabs that the lesson is divided into groups: which of them call, when everybody is back, and the way to all of them. Loaded when there are groups.
 */
import { formatDuration } from "@lectern/player/format-duration";
import { Drawer, Icon } from "@lectern/ui";
import { HAND_ICON, PEOPLE_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { addTranslations } from "../../i18n.ts";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { GroupsPanel } from "./groups-panel.tsx";
import { useTeacherRoom } from "./teacher-room.ts";
import "./groups.css";
import { DIVISION_MESSAGES } from "./groups/messages.ts";
import { type Division, useDivision } from "./use-groups.ts";

addTranslations(DIVISION_MESSAGES);

export function GroupsBar() {
  const { t } = useTranslation();
  const division = useDivision();
  /** The group that is visited; 0: the drawer is open, and none is. */
  const [visited, setVisited] = useState<number | null>(null);
  const { act } = useTeacherRoom();
  if (division === null) return null;
  const visit = (group: number): void => {
    if (group !== visited && (group > 0 || (visited ?? 0) > 0))
      void act("group", { action: "visit", ...(group > 0 ? { group } : {}) });
    setVisited(group);
  };
  const close = (): void => {
    visit(0);
    setVisited(null);
  };
  return (
    <section className="groups-bar" aria-label={t("division.title")}>
      <div className="row">
        <h3>
          <Icon drawing={PEOPLE_ICON} /> {t("division.divided", { count: division.count })}
        </h3>
        <Ends at={division.endsAt} />
        <button type="button" className="button small" onClick={() => setVisited(0)}>
          {t("division.open")}
        </button>
      </div>
      <Calls division={division} onVisit={visit} />
      {visited === null ? null : (
        <Drawer title={t("division.title")} closeLabel={t("division.close")} onClose={close}>
          <GroupsPanel division={division} visited={visited} onVisit={visit} />
        </Drawer>
      )}
    </section>
  );
}

function Ends({ at }: { readonly at: number | null }) {
  const { t } = useTranslation();
  const seconds = useSecondsUntil(at);
  return seconds === null ? null : (
    <p className="groups-end" role="timer">
      {t("division.noticeGiven", { time: formatDuration(seconds) })}
    </p>
  );
}

type CallsProps = { readonly division: Division; readonly onVisit: (group: number) => void };

/** Those that called first are first. */
function Calls({ division: { list }, onVisit }: CallsProps) {
  const { t } = useTranslation();
  const { act } = useTeacherRoom();
  const calls = list.flatMap(({ group, call }) => (call ? [{ ...call, group }] : [])).sort((a, b) => a.since - b.since);
  return (
    <ul className="groups-bar-calls" role="status">
      {calls.map(({ group, name }) => (
        <li key={group}>
          <Icon drawing={HAND_ICON} />
          <span className="grow">{t("division.calls", { number: group, name })}</span>
          <button type="button" className="button small primary" onClick={() => onVisit(group)}>
            {t("division.visit")}
          </button>
          <button type="button" className="button small" onClick={() => void act("group", { action: "lower", group })}>
            {t("division.lower")}
          </button>
        </li>
      ))}
    </ul>
  );
}
