/** Who changed what. */
import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

export function Audit() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const [action, setAction] = useUrlFilter("action");
  const [target, setTarget] = useUrlFilter("target");
  const query = { ...scope, ...nonEmpty({ action, targetId: target }) };
  return (
    <ListPage
      title={t("nav.audit")}
      queryKey={["audit", query]}
      path="/audit"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/audit", { params: { query: { ...query, limit: 50, ...nonEmpty({ cursor }) } } }))}
      keyOf={(entry) => entry.id}
      nameOf={(entry) => entry.action}
      filters={
        <>
          <TextInput
            label={t("fields.action")}
            placeholder="lesson.change"
            value={action}
            onChange={(event) => setAction(event.target.value)}
          />
          <TextInput label={t("fields.target")} value={target} onChange={(event) => setTarget(event.target.value)} />
        </>
      }
      columns={[
        { label: t("fields.at"), show: (entry) => time(entry.at) },
        { label: t("fields.who"), show: (entry) => entry.actor.name },
        {
          label: t("fields.action"),
          show: (entry) => (
            <button type="button" className="link-button" onClick={() => setAction(entry.action)}>
              {entry.action}
            </button>
          ),
        },
        {
          label: t("fields.target"),
          show: (entry) => (
            <button type="button" className="link-button" onClick={() => setTarget(entry.target.id)}>
              {`${entry.target.kind} ${entry.target.id.slice(-6)}`}
            </button>
          ),
        },
        { label: t("fields.change"), show: (entry) => <Difference before={entry.before} after={entry.after} /> },
        { label: t("fields.ip"), show: (entry) => entry.ip },
      ]}
    />
  );
}

type Row = Readonly<Record<string, unknown>> | null;

/** Columns that grow with every change say nothing. */
const QUIET = ["version", "created_at"];

/** What is different, field by field. */
function Difference({ before, after }: { before: Row; after: Row }) {
  if (!before || !after) return null;
  const changed = Object.keys(after).filter(
    (key) => !QUIET.includes(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const words = (value: unknown) => (value === null || value === undefined ? "–" : String(value));
  return (
    <ul className="changes">
      {changed.map((key) => (
        <li key={key}>
          {key}: {words(before[key])} → {words(after[key])}
        </li>
      ))}
    </ul>
  );
}
