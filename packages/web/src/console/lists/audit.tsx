/** Shows the audit log: who changed what, and who looked at whom. */
import { DOWNLOAD_ICON } from "@lectern/ui/icons";
import { api, unwrap } from "../../session/api.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SelectFilter, TextFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { AUDIT_KINDS, type AuditEntry, actionParts, auditChanges, auditReading } from "./audit-changes.ts";

/** Tells a thing from others: the end of an id is random. */
const ID_END = 6;

export function Audit() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const action = useUrlFilter("action");
  const target = useUrlFilter("target");
  const kind = useUrlFilter("kind");
  const chosen = AUDIT_KINDS.find((one) => one === kind[0]);
  const query = { ...scope, ...nonEmpty({ action: action[0], targetId: target[0] }), ...(chosen ? { kind: chosen } : {}) };
  const thingOf = (kind: string): string => t(`auditWords.things.${kind}`, { defaultValue: kind });
  const wordsOf = (entry: AuditEntry): string => {
    const reading = auditReading(entry);
    if (reading) return t(`auditReading.${reading.of}`);
    const [thing, verb] = actionParts(entry.action);
    return t("auditWords.entry", { thing: thingOf(thing), verb: t(`auditWords.verbs.${verb}`, { defaultValue: verb }) });
  };
  return (
    <ListPage
      title={t("nav.audit")}
      queryKey={["audit", query]}
      path="/audit"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/audit", { params: { query: { ...query, limit: 50, ...nonEmpty({ cursor }) } } }))}
      keyOf={(entry) => entry.id}
      nameOf={wordsOf}
      filters={
        <>
          <SelectFilter
            label={t("auditKind.label")}
            options={AUDIT_KINDS.map((value) => ({ value, label: t(`auditKind.${value}`) }))}
            filter={kind}
          />
          <TextFilter label={t("fields.action")} filter={action} />
          <TextFilter label={t("fields.target")} filter={target} />
        </>
      }
      menu={[
        {
          label: t("exportCsv"),
          icon: DOWNLOAD_ICON,
          run: () => location.assign(`/api/v1/exports/audit.csv?${new URLSearchParams({ ...scope, limit: "10000" })}`),
        },
      ]}
      columns={[
        { label: t("fields.time"), show: (entry) => time(entry.at) },
        { label: t("fields.actor"), show: (entry) => shownName(entry.actor.name, t("erasedPerson")) },
        {
          label: t("fields.action"),
          show: (entry) => <FilterLink text={wordsOf(entry)} onClick={() => action[1](entry.action)} />,
        },
        {
          label: t("fields.target"),
          show: ({ target: { kind, id } }) => (
            <FilterLink text={`${thingOf(kind)} ${id.slice(-ID_END)}`} onClick={() => target[1](id)} />
          ),
        },
        { label: t("fields.change"), show: (entry) => <Details entry={entry} /> },
        { label: t("fields.ip"), show: (entry) => entry.ip },
      ]}
    />
  );
}

function FilterLink({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" className="link-button" onClick={onClick}>
      {text}
    </button>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const reading = auditReading(entry);
  if (reading) {
    const counts = [
      t("auditReading.requests", { count: reading.requests }),
      ...(reading.rows > 0 ? [t("auditReading.rows", { count: reading.rows })] : []),
    ];
    return <>{counts.join(" · ")}</>;
  }
  const changes = auditChanges(entry.before, entry.after);
  if (changes.length === 0) return null;
  return (
    <ul className="changes">
      {changes.map((change) => (
        <li key={change.field}>
          {change.field}: {change.before} → {change.after}
        </li>
      ))}
    </ul>
  );
}
