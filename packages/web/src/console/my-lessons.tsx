/** For those who teach: their own lessons, and the way to each. */
import { useQuery } from "@tanstack/react-query";
import { DateTime } from "luxon";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "../i18n.ts";
import { api, unwrap } from "../session/api.ts";
import { toIsoUtc } from "./school/school-time.ts";

const SHOWN_DAYS = 14;

export function MyLessons() {
  const { t, i18n } = useTranslation();
  const today = DateTime.now().startOf("day");
  const lessons = useQuery({
    queryKey: ["lessons", "mine", today.toISO()],
    queryFn: () => {
      const query = { from: toIsoUtc(today), to: toIsoUtc(today.plus({ days: SHOWN_DAYS })), limit: 200 };
      return unwrap(api().GET("/api/v1/lessons", { params: { query } }));
    },
    refetchInterval: 10_000,
  });
  const items = [...(lessons.data?.items ?? [])].sort((a, b) => Date.parse(a.startsAt ?? "") - Date.parse(b.startsAt ?? ""));
  return (
    <>
      <h1>{t("mine")}</h1>
      {lessons.isSuccess && items.length === 0 ? <p>{t("mineNone", { days: SHOWN_DAYS })}</p> : null}
      <ul className="my-lessons">
        {items.map(({ id, title, startsAt, state, stream, code }) => (
          <li key={id}>
            <span className="text-muted">{startsAt ? formatDateTime(startsAt, i18n.language) : ""}</span>
            <a href={stream ? `/studio/${id}` : `/class/${code ?? id}`}>{title}</a>
            <span className={state === "live" ? "live" : "text-muted"}>{t(`states.${state}`)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
