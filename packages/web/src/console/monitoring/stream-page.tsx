/** Shows one stream's uplink over time, and what it means in words. */
import { Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { HistoryPlots, type PlotSpec, useSpan } from "./history-plots.tsx";

const PLOTS: readonly PlotSpec[] = [
  { title: "frameRate", unit: "fps", metrics: ["fps", "encoder_fps"] },
  { title: "bitrate", unit: "kbit/s", metrics: ["kbps", "encoder_kbps"] },
  { title: "jitter", unit: "ms", metrics: ["jitter_ms"] },
  { title: "dropped", unit: "share", metrics: ["dropped_share"] },
  { title: "keyFrames", unit: "s", metrics: ["gop_seconds"] },
  { title: "apart", unit: "ms", metrics: ["av_offset_ms", "drift_ms"] },
  { title: "viewers", unit: "", metrics: ["viewers"] },
];
const REFETCH_MS = 5000;

export function StreamPage({ app, name }: { app: string; name: string }) {
  const { t } = useTranslation();
  const { span, choice } = useSpan();
  const streams = useQuery({
    queryKey: ["streams", "one", app, name],
    queryFn: () => unwrap(api().GET("/api/v1/streams", { params: { query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const stream = streams.data?.items.find((one) => one.app === app && one.name === name);
  return (
    <Stack>
      <Link href="/streams">{t("nav.streams")}</Link>
      <Group justify="space-between">
        <Title order={1}>{`${app}/${name}`}</Title>
        {choice}
      </Group>
      <p role="status">{stream ? t(`monitoring.verdicts.${stream.uplink.verdict}`) : t("monitoring.notLive")}</p>
      <HistoryPlots kind="stream" subject={`${app}/${name}`} plots={PLOTS} span={span} />
    </Stack>
  );
}
