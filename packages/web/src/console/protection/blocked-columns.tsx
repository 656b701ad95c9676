/** Shows an address under a measure in words: what is done, why, and for how long. */
import type { BlockedAddress } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Column } from "../list/list-table.tsx";
import { useFormatTime } from "../school/school-time.ts";

export type Blocked = BlockedAddress;

/** @param isOver whether the measures have ended */
export function useBlockedColumns(isOver: boolean): readonly Column<Blocked>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  return [
    {
      label: t("protection.address"),
      show: ({ address, node }) => (
        <span className="protection-wide">
          <strong>{address}</strong>
          {address.includes("/") ? <small className="text-muted">{t("protection.wholeNetwork")}</small> : null}
          <small className="text-muted">{t("protection.node", { node })}</small>
        </span>
      ),
    },
    {
      label: t(isOver ? "protection.whatWas" : "protection.what"),
      show: ({ measure, dryRun }) => (
        <span className="protection-wide">
          {t(`protection.measures.${measure}`)}
          {dryRun ? (
            <span className="rule-mark trial" title={t("protection.dryRunHint")}>
              {t("protection.dryRun")}
            </span>
          ) : null}
        </span>
      ),
    },
    { label: t("protection.why"), show: (held) => <Reasons held={held} /> },
    {
      label: t("fields.time"),
      show: ({ since, until }) => (
        <span className="protection-time">
          <span>{time(since)}</span>
          <small className="text-muted">{t("protection.until", { time: time(until) })}</small>
        </span>
      ),
    },
  ];
}

function Reasons({ held: { because, about } }: { held: Blocked }) {
  const { t } = useTranslation();
  return (
    <span className="protection-wide">
      {because.map(({ sign }) => (
        <span key={sign}>{t(`protection.signs.${sign}`)}</span>
      ))}
      {about === null ? null : <small className="text-muted">{t("protection.example", { about })}</small>}
    </span>
  );
}
