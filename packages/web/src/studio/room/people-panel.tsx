/** Shows who is in the class: sign-in rounds, a list with a search and a menu for each person, and the attendance. */

import { serverClock } from "@lectern/player/server-clock";
import { mutedPeopleOf, signInsOf } from "@lectern/room";
import { Menu } from "@lectern/ui";
import { useId, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { Attendance, useAttendance } from "./attendance.tsx";
import { LeftPeople } from "./left-people.tsx";
import { SignInRounds } from "./sign-in-rounds.tsx";
import { useTeacherRoom } from "./teacher-room.ts";
import { usePeople } from "./use-people.ts";
import { usePersonMenu } from "./use-person-menu.ts";

const PAGE = 100;
const MAX_PEOPLE = 1000;

export function PeoplePanel() {
  const { isOver } = useTeacherRoom();
  return (
    <div className="panel-scroll">
      {isOver ? null : <SignInRounds />}
      {isOver ? null : <Roster />}
      {isOver ? null : <LeftPeople />}
      <Attendance isOpen={isOver} />
    </div>
  );
}

function Roster() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const id = useId();
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const people = usePeople(room, search.trim(), limit);
  const items = people.data?.items ?? [];
  return (
    <>
      <div className="stacked">
        <label htmlFor={id}>{t("room.search")}</label>
        <input id={id} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      </div>
      {people.data && items.length === 0 ? (
        <p className="text-muted">{t(search.trim() === "" ? "room.nobodyHere" : "room.noMatch")}</p>
      ) : null}
      <PeopleList people={items} />
      {people.data?.nextCursor && limit < MAX_PEOPLE ? (
        <button type="button" className="button small" onClick={() => setLimit(Math.min(MAX_PEOPLE, limit + PAGE))}>
          {t("room.moreShown")}
        </button>
      ) : null}
    </>
  );
}

type Member = { readonly id: string; readonly name: string; readonly role: string };

function PeopleList({ people }: { people: readonly Member[] }) {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const personMenu = usePersonMenu();
  const newest = signInsOf(room.held("signin"))[0] ?? null;
  const signed = useSigned(newest?.ref ?? null, newest?.isOpen ?? false);
  const muted = mutedPeopleOf(room.held("mute"), serverClock.now());
  return (
    <ul className="roster" aria-label={t("room.tabs.people")}>
      {people.map((person) => {
        const { id, name, role } = person;
        return (
          <li key={id}>
            <span className="grow">
              {name} {role === "guest" ? <small className="text-muted">{t("guest")}</small> : null}
            </span>
            {muted.has(id) ? <small className="badge private">{t("room.muted")}</small> : null}
            {signed.has(id) ? <small className="badge">✓ {t("room.isSigned")}</small> : null}
            {id === room.you?.id ? (
              <small className="text-muted">{t("you")}</small>
            ) : (
              <Menu label={`${t("room.more")}: ${name}`} items={() => personMenu(person)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Who has signed in a round. */
function useSigned(ref: string | null, isOpen: boolean): ReadonlySet<string> {
  const attendance = useAttendance(ref !== null, isOpen);
  const signed = (attendance.data?.items ?? []).filter(({ signins }) => signins.some((one) => one.ref === ref));
  return new Set(signed.flatMap(({ participantId }) => participantId ?? []));
}
