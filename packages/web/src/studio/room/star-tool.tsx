/** Gives stars to students, and lists who has how many in this lesson. */
import { starsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { STAR_ICON } from "@lectern/ui/icons";
import { useId, useState } from "react";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type StarRow, starRows } from "./star-rows.ts";
import { useTeacherRoom } from "./teacher-room.ts";
import { usePeople } from "./use-people.ts";

const SHOWN = 100;
/** A list of so many is searched by its names. */
const LONG = 12;

export function StarTool() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const id = useId();
  const [search, setSearch] = useState("");
  const people = usePeople(room, search.trim(), SHOWN);
  const rows = starRows(people.data?.items ?? [], starsOf(room.held("star")), search.trim());
  return (
    <section aria-label={t("room.tools.stars")}>
      <h3>{t("room.tools.stars")}</h3>
      {search !== "" || rows.length > LONG ? (
        <div className="stacked">
          <label htmlFor={id}>{t("room.search")}</label>
          <input id={id} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
      ) : null}
      {people.data && rows.length === 0 ? (
        <p className="text-muted">{t(search.trim() === "" ? "room.nobodyHere" : "room.noMatch")}</p>
      ) : null}
      <ul className="roster" aria-label={t("room.tools.stars")}>
        {rows.map((row) => (
          <StarLine key={row.person} row={row} />
        ))}
      </ul>
    </section>
  );
}

function StarLine({ row: { person, name, isGuest, count } }: { readonly row: StarRow }) {
  const { t } = useTranslation();
  const { act } = useTeacherRoom();
  const shown = shownName(name, t("room.erasedPerson"));
  return (
    <li>
      <span className="grow">
        <bdi>{shown}</bdi> {isGuest ? <small className="text-muted">{t("guest")}</small> : null}
      </span>
      {count > 0 ? (
        <>
          <span className="star-count">
            <Icon drawing={STAR_ICON} />
            {count}
          </span>
          <button
            type="button"
            className="button small"
            aria-label={`−1, ${t("room.tools.takeStar")}: ${shown}`}
            onClick={() => void act("star", { action: "take", person })}
          >
            −1
          </button>
        </>
      ) : null}
      <button
        type="button"
        className="button small"
        aria-label={`+1, ${t("room.tools.giveStar")}: ${shown}`}
        onClick={() => void act("star", { action: "give", person })}
      >
        +1
      </button>
    </li>
  );
}
