/** Shows what "why" concludes, in words: where the trouble comes from on the way of the picture, how sure that is, what to do, and the evidence. */
import type { DiagnosisVerdict } from "@lectern/client";
import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import "./diagnosis.css";

/** In the order in which the picture passes through them. */
const WAY = ["uplink", "origin", "link", "edge", "viewer-line", "viewer-device"] as const;

type VerdictProps = { readonly verdict: DiagnosisVerdict; readonly children?: ReactNode };

export function Verdict({ verdict: { place, certainty, summary, advice, also, reasons }, children }: VerdictProps) {
  const { t } = useTranslation();
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-labelledby="verdict">
      <Stack gap="sm">
        <Group justify="space-between" align="start" wrap="nowrap" className="verdict-head">
          <Title order={2} size="h3" id="verdict">
            {summary}
          </Title>
          {place === "none" ? null : (
            <Badge variant="outline" color="gray" className="certainty">
              {t(`why.certainties.${certainty}`)}
            </Badge>
          )}
        </Group>
        <ol className="why-way" aria-label={t("why.way")}>
          {WAY.map((one) => (
            <li key={one} className={one === place ? "blamed" : ""} aria-current={one === place}>
              {t(`why.places.${one}`)}
            </li>
          ))}
        </ol>
        {place === "none" ? null : (
          <Text>
            <strong>{t("why.whatToDo")}</strong> {advice}
          </Text>
        )}
        {also ? <Text>{t("why.also", { percent: Math.round(also.share * 100), summary: also.summary })}</Text> : null}
        {children}
        <div>
          <Title order={3} size="h5">
            {t("why.evidence")}
          </Title>
          <ul className="why-evidence">
            {reasons.map(({ code, of, text }) => (
              <li key={`${code} ${of}`}>{text}</li>
            ))}
          </ul>
        </div>
      </Stack>
    </Paper>
  );
}
