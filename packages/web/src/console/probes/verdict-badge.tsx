/** Shows how a probe's run went, in one word with a colour. */
import type { ProbeRun } from "@lectern/client";
import { Badge } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";

const COLORS = { good: "green", short: "red", unsure: "gray" } as const;

export function VerdictBadge({ verdict }: { readonly verdict: ProbeRun["verdict"] }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[verdict]} variant="dot">
      {t(`probes.verdicts.${verdict}`)}
    </Badge>
  );
}
