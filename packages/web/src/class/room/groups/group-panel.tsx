/**
 * Shows a student's group above everything else of the side: its number, its people, its chat, and the call for a teacher. Loaded when the lesson is divided into groups.
 */
import { formatDuration } from "@lectern/player/format-duration";
import { type Group, type Groups, groupListOf, groupOfPerson, groupsOf, MAX_GROUP_SIZE } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CLOCK_ICON, DOWN_ICON, HAND_ICON, PEOPLE_ICON, UP_ICON } from "@lectern/ui/icons";
import { useEffect, useState } from "react";
import { addTranslations } from "../../../i18n.ts";
import { isStudent } from "../../../room/roles.ts";
import type { Room } from "../../../room/use-room.ts";
import { useSecondsUntil } from "../../../schedule/use-now.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { type Sending, useSend } from "../../parts/use-send.ts";
import { GroupChat } from "./group-chat.tsx";
import "./groups.css";
import { GROUP_MESSAGES } from "./messages.ts";

addTranslations(GROUP_MESSAGES);

type GroupPanelProps = { readonly room: Room; readonly announce: (text: string) => void };

export function GroupPanel({ room, announce }: GroupPanelProps) {
  const groups = groupsOf(room.one("groups"));
  if (groups === null || room.you === null || !isStudent(room)) return null;
  return <OwnGroup key={groups.division} room={room} groups={groups} person={room.you.id} announce={announce} />;
}

type OwnGroupProps = GroupPanelProps & { readonly groups: Groups; readonly person: string };

function OwnGroup({ room, groups, person, announce }: OwnGroupProps) {
  const { t } = useTranslation();
  const sending = useSend(room);
  const own = groupOfPerson(groupListOf(room.held("group"), groups), person);
  const number = own?.group ?? null;
  const { send } = sending;
  // Who came late: the server knows where there is a place, or where this person was last time.
  const isLate = number === null && groups.placing === "server";
  useEffect(() => {
    if (isLate) void send("group", { action: "join" });
  }, [isLate, send]);
  useEffect(() => {
    if (number !== null) announce(t("groups.number", { number }));
  }, [number, announce, t]);
  return (
    <section className="group" aria-label={t("groups.name")}>
      {own === null ? null : <GroupHead room={room} group={own} person={person} sending={sending} />}
      {own === null && groups.placing !== "students" ? (
        <p className="group-wait">{t(isLate ? "groups.placing" : "groups.wait")}</p>
      ) : null}
      <Ends at={groups.endsAt} />
      {groups.placing === "students" ? <Choice groups={groups} own={number} sending={sending} /> : null}
      {sending.failure === "" ? null : (
        <p className="chat-notice error" role="alert">
          {sending.failure}
        </p>
      )}
      {own === null ? null : <FoldedChat room={room} division={groups.division} group={own.group} />}
    </section>
  );
}

type GroupHeadProps = { readonly room: Room; readonly group: Group; readonly person: string; readonly sending: Sending };

function GroupHead({ room, group: { group, people, call, visitors }, person, sending }: GroupHeadProps) {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language, { style: "narrow", type: "conjunction" });
  const names = people.map((one) => (one.person === person ? t("you") : one.name));
  const isPending = room.pending.some(({ kind }) => kind === "group");
  return (
    <div className="group-head">
      <p className="group-who">
        <strong>
          <Icon drawing={PEOPLE_ICON} /> {t("groups.number", { number: group })}
        </strong>
        <bdi>{list.format(names)}</bdi>
        {visitors.length === 0 ? null : (
          <span className="badge" role="status">
            {t("groups.visited", { names: list.format(visitors.map(({ name }) => name)) })}
          </span>
        )}
      </p>
      <button
        type="button"
        className={call ? "group-call chosen" : "group-call"}
        aria-pressed={call !== null}
        aria-busy={isPending}
        title={t(call ? "groups.takeBack" : "groups.call")}
        onClick={() => void (isPending ? null : sending.send("group", { action: call ? "lower" : "call" }))}
      >
        <Icon drawing={HAND_ICON} />
        {t(call ? "groups.called" : "groups.call")}
      </button>
    </div>
  );
}

/** When everybody is brought back. */
function Ends({ at }: { readonly at: number | null }) {
  const { t } = useTranslation();
  const seconds = useSecondsUntil(at);
  if (seconds === null) return null;
  return (
    <p className="group-ends" role="timer">
      <Icon drawing={CLOCK_ICON} /> {t("groups.ends", { time: formatDuration(seconds) })}
    </p>
  );
}

type ChoiceProps = { readonly groups: Groups; readonly own: number | null; readonly sending: Sending };

function Choice({ groups: { sizes }, own, sending }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <details className="group-choice" open={own === null}>
      <summary>{t(own === null ? "groups.choose" : "groups.chooseOther")}</summary>
      <ul>
        {sizes.map((count, i) => {
          const number = i + 1;
          const isFull = count >= MAX_GROUP_SIZE;
          return (
            <li key={number}>
              <button
                type="button"
                aria-pressed={number === own}
                disabled={isFull && number !== own}
                onClick={() => void sending.send("group", { action: "choose", group: number })}
              >
                <span>{t("groups.number", { number })}</span>
                <small>{isFull ? t("groups.full") : t("groups.size", { count, max: MAX_GROUP_SIZE })}</small>
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

type FoldedChatProps = { readonly room: Room; readonly division: string; readonly group: number };

function FoldedChat(props: FoldedChatProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(true);
  return (
    <>
      <button type="button" className="group-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {t(isOpen ? "groups.hideChat" : "groups.showChat")} <Icon drawing={isOpen ? UP_ICON : DOWN_ICON} />
      </button>
      {isOpen ? <GroupChat key={props.group} {...props} /> : null}
    </>
  );
}
