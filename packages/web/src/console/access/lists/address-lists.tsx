/** Shows the list of address lists, which rules about network addresses can name. */
import type { AddressList } from "@lectern/client";
import { useRef } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ListPage } from "../../list/list-page.tsx";
import type { Column } from "../../list/list-table.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { AccessPage } from "../access-page.tsx";
import { ownedQuery, ownerFields, ownerName, ownerOf } from "../owner.ts";
import { addressListFields } from "./address-list-form.tsx";
import { changeList, createList, deleteList } from "./list-calls.ts";

const REFETCH_MS = 3000;
const COVER = "***";

export function AddressLists() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const query = ownedQuery(place);
  const file = useRef<File | null>(null);
  const fields = (list: AddressList | null) => {
    const own = addressListFields(list, { t, isOperator: place.isOperator, file });
    return list ? own : [...own, ...ownerFields(place, t)];
  };
  const withFile = async <T,>(call: () => Promise<T>): Promise<T> => {
    const result = await call();
    file.current = null;
    return result;
  };
  return (
    <AccessPage page="lists">
      <ListPage
        title={t("access.pages.lists")}
        hint={t("addressLists.hint")}
        queryKey={["address lists", query]}
        path="/address-lists"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/address-lists", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={(list) => list.id}
        nameOf={(list) => list.name}
        columns={useColumns()}
        add={{
          fields: fields(null),
          save: async ({ owner, ...values }) => {
            const list = await withFile(() => createList(ownerOf(owner, place), values, file));
            return list.source === "entries" ? t("addressLists.uploaded", { count: list.entries }) : undefined;
          },
        }}
        edit={{
          fields,
          save: async (list, values) => (await withFile(() => changeList(list, values, file))).after,
          canUndo,
        }}
        actions={[
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: deleteList,
          },
        ]}
        emptyText={t("addressLists.empty")}
        refetchMs={REFETCH_MS}
      />
    </AccessPage>
  );
}

/** The entries that were replaced, and the token of an address that was changed, are gone. */
function canUndo(before: AddressList, after: AddressList): boolean {
  const keepsToken = before.url === after.url || !before.url?.includes(COVER);
  return before.contentVersion === after.contentVersion && keepsToken;
}

function useColumns(): readonly Column<AddressList>[] {
  const { t } = useTranslation();
  const place = useSchoolScope();
  return [
    {
      label: t("fields.name"),
      show: (list) => (
        <span className="policy-target">
          <strong className="wraps">{list.name}</strong>
          {place.isOperator ? <small className="text-muted">{ownerName(list.schoolId, place, t)}</small> : null}
        </span>
      ),
    },
    { label: t("addressLists.source"), show: (list) => <Source list={list} /> },
    { label: t("addressLists.entries"), show: (list) => <Entries list={list} /> },
    { label: t("fields.state"), show: (list) => <State list={list} /> },
  ];
}

function Source({ list: { source, url, file } }: { list: AddressList }) {
  const { t } = useTranslation();
  const where = url ?? file;
  return (
    <span className="list-facts">
      {t(`addressLists.sources.${source}`)}
      {where ? <small className="text-muted wraps">{where}</small> : null}
    </span>
  );
}

function Entries({ list: { id, name, entries, contentVersion, mistakes, mistakeCount } }: { list: AddressList }) {
  const { t } = useTranslation();
  return (
    <span className="list-facts">
      {contentVersion === 0 ? t("addressLists.noContent") : t("addressLists.entryCount", { count: entries })}
      {contentVersion > 0 ? (
        <a href={`/api/v1/address-lists/${id}/entries`} download={`${name}.txt`} aria-label={`${t("download")}: ${name}`}>
          {t("download")}
        </a>
      ) : null}
      {mistakeCount > 0 ? (
        <details>
          <summary className="error">{t("addressLists.mistakes", { count: mistakeCount })}</summary>
          <ul className="mistakes">
            {mistakes.map(({ line, text }) => (
              <li key={line}>{t("addressLists.mistake", { line, text })}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </span>
  );
}

function State({ list: { contentAt, contentVersion, lastFetchedAt, lastError } }: { list: AddressList }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const facts = [
    ...(contentAt ? [`${t("addressLists.changed")} ${time(contentAt)}`] : []),
    ...(lastFetchedAt ? [`${t("addressLists.fetched")} ${time(lastFetchedAt)}`] : []),
  ];
  return (
    <span className="list-facts">
      {lastError ? <span className="error">{t("addressLists.problem", { error: lastError })}</span> : null}
      {lastError && contentVersion > 0 ? <span>{t("addressLists.kept")}</span> : null}
      {facts.map((fact) => (
        <small key={fact} className="text-muted">
          {fact}
        </small>
      ))}
    </span>
  );
}
