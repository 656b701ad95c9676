/** Says above every page while an operator of the platform is in the school, with who it is, until when, and a button that ends it. */
import "./approvals.css";
import { serverClock } from "@lectern/player/server-clock";
import { Button } from "@lectern/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { addTranslations } from "../../i18n.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ENTRY_BANNER_MESSAGES } from "../messages/approvals.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { lasts } from "./acts.ts";

addTranslations(ENTRY_BANNER_MESSAGES);

const REFETCH_MS = 30_000;

export function EntryBanner() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = useSchoolScope();
  const client = useQueryClient();
  const query = { ...schoolQuery(scope), state: "entered" as const, limit: 20 };
  const entered = useQuery({
    queryKey: ["approvals", "entered", scope.school?.id],
    queryFn: () => unwrap(api().GET("/api/v1/approvals", { params: { query } })),
    refetchInterval: REFETCH_MS,
  });
  const end = async (approvalId: string): Promise<void> => {
    await unwrap(api().POST("/api/v1/approvals/{approvalId}/end", { params: { path: { approvalId } } })).catch(() => {});
    await client.invalidateQueries({ queryKey: ["approvals"] });
  };
  const lasting = (entered.data?.items ?? []).filter((one) => lasts(one, serverClock.now()));
  return lasting.map(({ id, askedBy, endsAt }) => (
    <div className="entry-banner" role="status" key={id}>
      <span>{t("approvals.banner", { name: askedBy.name, time: time(endsAt) })}</span>
      <Button onClick={() => void end(id)}>{t("approvals.end")}</Button>
    </div>
  ));
}
