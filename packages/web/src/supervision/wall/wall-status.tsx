/** Says what there is instead of tiles, and since when the wall is not new any more. */
import { SkeletonRows } from "@lectern/ui";
import { errorCode, errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { WallData } from "./use-wall.ts";

export function WallStatus({ wall }: { readonly wall: WallData }) {
  const { t, i18n } = useTranslation();
  const { data, error, items, isStale, isFiltered, updatedAt } = wall;
  const clock = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium" });
  if (isStale)
    return (
      <p className="wall-stale" role="alert">
        {t("wall.stale", { time: clock.format(updatedAt) })}
      </p>
    );
  if (data) return items.length === 0 ? <p role="status">{t(isFiltered ? "wall.noMatch" : "wall.nobody")}</p> : null;
  if (error === null) return <SkeletonRows label={t("loading")} />;
  return (
    <p className="error" role="alert">
      {errorCode(error) === "not-found" ? t("wall.unknown") : errorMessage(error, t("offline"))}
    </p>
  );
}
