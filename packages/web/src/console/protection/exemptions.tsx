/** Shows operators the list of addresses that no measure is taken against. */

import type { Exemption } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { api, unwrap } from "../../session/api.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { useNamedThings } from "../access/policies/use-named-things.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime, useTimeZone } from "../school/school-time.ts";
import { fromLocalInput } from "../school/zoned-time.ts";
import { ProtectionPage } from "./protection-page.tsx";

const LIST_PREFIX = "list:";

export function Exemptions() {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const { lists, names } = useNamedThings(null);
  const nameOf = ({ network }: Exemption) => shownNetwork(network, names, t);
  return (
    <ProtectionPage page="exemptions">
      <ListPage
        title={t("protection.pages.exemptions")}
        hint={t("exemptions.hint")}
        queryKey={["exemptions"]}
        path="/protection/exemptions"
        load={(cursor) => unwrap(api().GET("/api/v1/protection/exemptions", { params: { query: nonEmpty({ cursor }) } }))}
        keyOf={({ id }) => id}
        nameOf={nameOf}
        columns={useColumns(nameOf)}
        add={{
          fields: fieldsOf(lists, zone, t),
          submitLabel: t("add"),
          save: async ({ network = "", list = "", kind, note = "", until }) => {
            const body = {
              network: kind === "list" ? `${LIST_PREFIX}${list}` : network.trim(),
              note: note.trim(),
              until: fromLocalInput(until, zone),
            };
            await unwrap(api().POST("/api/v1/protection/exemptions", { body }));
            return undefined;
          },
        }}
        actions={[
          {
            label: t("exemptions.remove"),
            doneMessage: (count) => t("exemptions.removed", { count }),
            run: ({ id }) =>
              unwrap(api().DELETE("/api/v1/protection/exemptions/{exemptionId}", { params: { path: { exemptionId: id } } })),
            undo: ({ network, note, until }) =>
              unwrap(api().POST("/api/v1/protection/exemptions", { body: { network, note, until } })),
          },
        ]}
        emptyText={t("exemptions.empty")}
      />
    </ProtectionPage>
  );
}

function fieldsOf(lists: readonly Option[], zone: string, t: Translate): readonly Field[] {
  const isList = ({ kind }: Values) => kind === "list";
  return [
    {
      name: "kind",
      label: t("exemptions.kind"),
      required: true,
      value: "network",
      options: (["network", "list"] as const).map((value) => ({ value, label: t(`exemptions.kinds.${value}`) })),
      isShown: () => lists.length > 0,
    },
    {
      name: "network",
      label: t("exemptions.network"),
      hint: t("exemptions.networkHint"),
      required: true,
      isShown: (values) => !isList(values),
    },
    {
      name: "list",
      label: t("exemptions.list"),
      hint: t("exemptions.listHint"),
      required: true,
      options: lists,
      searchable: true,
      isShown: isList,
    },
    { name: "note", label: t("exemptions.note"), hint: t("exemptions.noteHint") },
    {
      name: "until",
      label: t("inTimeZone", { label: t("fields.until"), zone }),
      hint: t("exemptions.untilHint"),
      type: "datetime-local",
    },
  ];
}

function useColumns(nameOf: (exemption: Exemption) => string): readonly Column<Exemption>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const isOver = (until: string | null) => until !== null && Date.parse(until) < serverClock.now();
  return [
    { label: t("protection.address"), show: (exemption) => <strong className="wraps">{nameOf(exemption)}</strong> },
    { label: t("exemptions.note"), show: ({ note }) => (note === "" ? null : <span className="protection-wide">{note}</span>) },
    {
      label: t("fields.until"),
      show: ({ until }) => (
        <span className="protection-time">
          <span>{until === null ? t("exemptions.always") : time(until)}</span>
          {isOver(until) ? <small className="text-muted">{t("exemptions.over")}</small> : null}
        </span>
      ),
    },
    { label: t("exemptions.by"), show: ({ createdBy }) => createdBy },
    { label: t("fields.since"), show: ({ createdAt }) => time(createdAt) },
  ];
}

/** A network as it is; a list by its name. */
function shownNetwork(network: string, names: ReadonlyMap<string, string>, t: Translate): string {
  if (!network.startsWith(LIST_PREFIX)) return network;
  return names.get(network.slice(LIST_PREFIX.length)) ?? t("exemptions.unknownList");
}
