/** Shows the fleet by region: how many nodes each has, how loaded they are, and whether all of them are up. */

import { ProvinceMap } from "../../plots/province-map.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { type FleetNode, regionLoads } from "./region-loads.ts";

export function FleetMap({ nodes }: { nodes: readonly FleetNode[] }) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  const regions = regionLoads(nodes).map(({ region, up, all, load, level }) => ({
    region,
    level,
    text: t("monitoring.regionFigures", { up, all, load: percent.format(load) }),
  }));
  return <ProvinceMap label={t("monitoring.fleet")} regions={regions} unknown={t("nodes.noRegion")} />;
}
