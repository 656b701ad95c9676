/** Shows all groups of the lesson: who is in each, with a menu or by drag to another one, what they say, and what is said to all of them. */
import { type Group, type GroupPerson, MAX_CHAT_TEXT } from "@lectern/room";
import { Icon, Menu } from "@lectern/ui";
import { HAND_ICON } from "@lectern/ui/icons";
import { type DragEvent, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { DivideForm } from "./divide-form.tsx";
import { GroupTalk } from "./group-talk.tsx";
import { useTeacherRoom } from "./teacher-room.ts";
import { type Division, useStudents } from "./use-groups.ts";
import { WriteForm } from "./write-form.tsx";

type GroupsPanelProps = {
  readonly division: Division;
  /** 0: none. */
  readonly visited: number;
  readonly onVisit: (group: number) => void;
};

/** What is dragged: a participant's id. */
const DRAGGED = "application/x-lectern-person";

export function GroupsPanel({ division, visited, onVisit }: GroupsPanelProps) {
  const { t } = useTranslation();
  const { act, notice } = useTeacherRoom();
  const students = useStudents();
  const placed = new Set(division.list.flatMap(({ people }) => people.map(({ person }) => person)));
  const without = students.filter(({ person }) => !placed.has(person));
  const move = (person: string, group: number): void => void act("group", { action: "move", people: [person], group });
  const write = (text: string) => act("chat", { text, to: "group" });
  return (
    <div className="groups-panel side-parts">
      <div className="chips">
        <button type="button" className="button small" onClick={() => void act("group", { action: "notice" })}>
          {t("division.notice")}
        </button>
        <button type="button" className="button small primary" onClick={() => void act("group", { action: "end" })}>
          {t("division.end")}
        </button>
      </div>
      {notice?.isFailure ? (
        <p className="error" role="alert">
          {notice.text}
        </p>
      ) : null}
      <WriteForm label={t("division.writeAll")} maxLength={MAX_CHAT_TEXT} onSend={write} />
      {without.length === 0 ? null : (
        <section className="group-card" aria-label={t("division.without")}>
          <h3>{t("division.without")}</h3>
          <People people={without} own={null} count={division.count} onMove={move} />
        </section>
      )}
      <ul className="group-cards" aria-label={t("division.listed")}>
        {division.list.map((group) => (
          <li key={group.group}>
            <GroupCard group={group} division={division} isVisited={group.group === visited} onVisit={onVisit} onMove={move} />
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("division.again")}</summary>
        <DivideForm isAgain />
      </details>
    </div>
  );
}

type GroupCardProps = {
  readonly group: Group;
  readonly division: Division;
  readonly isVisited: boolean;
  readonly onVisit: (group: number) => void;
  readonly onMove: (person: string, group: number) => void;
};

function GroupCard({ group: { group, people, call, visitors }, division, isVisited, onVisit, onMove }: GroupCardProps) {
  const { t, i18n } = useTranslation();
  const [isOver, setIsOver] = useState(false);
  const names = new Intl.ListFormat(i18n.language, { style: "narrow", type: "conjunction" }).format(
    visitors.map(({ name }) => name),
  );
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    setIsOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const person = event.dataTransfer.getData(DRAGGED);
    if (person !== "" && !people.some((one) => one.person === person)) onMove(person, group);
  };
  return (
    // The menu of each person does the same by keyboard.
    <section
      className={`group-card ${isOver ? "drop" : ""} ${call ? "calling" : ""}`}
      aria-label={t("division.group", { number: group })}
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <div className="row">
        <h3>
          {t("division.group", { number: group })}{" "}
          <small className="text-muted">{t("division.members", { count: people.length })}</small>
        </h3>
        <button
          type="button"
          className={`button small ${call ? "primary" : ""}`}
          aria-pressed={isVisited}
          aria-label={`${t(isVisited ? "division.leave" : "division.visit")}: ${t("division.group", { number: group })}`}
          onClick={() => onVisit(isVisited ? 0 : group)}
        >
          {t(isVisited ? "division.leave" : "division.visit")}
        </button>
      </div>
      {call ? (
        <p className="group-calls">
          <Icon drawing={HAND_ICON} /> {t("division.calls", { number: group, name: call.name })}
        </p>
      ) : null}
      {visitors.length === 0 ? null : <p className="text-muted">{t("division.visitors", { names })}</p>}
      <People people={people} own={group} count={division.count} onMove={onMove} />
      {isVisited ? <GroupTalk division={division.division} group={group} /> : null}
    </section>
  );
}

type PeopleProps = {
  readonly people: readonly GroupPerson[];
  /** Null: in none. */
  readonly own: number | null;
  /** Of groups. */
  readonly count: number;
  readonly onMove: GroupCardProps["onMove"];
};

function People({ people, own, count, onMove }: PeopleProps) {
  const { t } = useTranslation();
  if (people.length === 0) return <p className="text-muted">{t("division.nobody")}</p>;
  const others = Array.from({ length: count }, (_, i) => i + 1).filter((number) => number !== own);
  return (
    <ul className="group-people">
      {people.map(({ person, name }) => (
        <li key={person} draggable onDragStart={(event) => event.dataTransfer.setData(DRAGGED, person)}>
          <bdi>{name}</bdi>
          {others.length === 0 ? null : (
            <Menu
              label={t("division.move", { name })}
              items={() => others.map((number) => ({ label: t("division.moveTo", { number }), run: () => onMove(person, number) }))}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
