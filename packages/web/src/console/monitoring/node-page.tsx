/** Shows one node over time: processors, memory, network, event loops; its parts and whether they work; its links. */
import { Alert, Badge, Group, Stack, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { componentDetail } from "../alarms/alarm-detail.ts";
import { TableScroll } from "../list/table-scroll.tsx";
import { NodeState } from "../nodes/node-card.tsx";
import { HistoryPlots, type PlotSpec, useSpan } from "./history-plots.tsx";
import type { Span } from "./use-history.ts";

const NODE_PLOTS: readonly PlotSpec[] = [
  { title: "cpu", unit: "share", metrics: ["cpu", "stolen"], max: 1 },
  { title: "memory", unit: "share", metrics: ["memory", "disk", "descriptors"], max: 1 },
  { title: "network", unit: "Mbit/s", metrics: ["sent_mbps", "received_mbps"] },
  { title: "egress", unit: "share", metrics: ["egress", "retransmitted"] },
  { title: "hold", unit: "ms", metrics: ["hold_ms", "media_hold_ms"] },
  { title: "viewers", unit: "", metrics: ["viewers", "connections"] },
];
const LINK_PLOTS: readonly PlotSpec[] = [
  { title: "rtt", unit: "ms", metrics: ["rtt_ms", "jitter_ms", "age_ms"] },
  { title: "loss", unit: "share", metrics: ["loss"] },
  { title: "bandwidth", unit: "Mbit/s", metrics: ["mbps"] },
];
const STATE_COLORS = { up: "green", degraded: "yellow", down: "red" } as const;
const REFETCH_MS = 10_000;

export function NodePage({ nodeId }: { nodeId: string }) {
  const { t } = useTranslation();
  const { span, choice } = useSpan();
  const nodes = useQuery({ queryKey: ["nodes"], queryFn: () => unwrap(api().GET("/api/v1/nodes")), refetchInterval: REFETCH_MS });
  const node = nodes.data?.items.find(({ id }) => id === nodeId);
  return (
    <Stack>
      <Link href="/nodes">{t("nav.nodes")}</Link>
      <Group justify="space-between">
        <Group>
          <Title order={1}>{nodeId}</Title>
          {node ? <NodeState state={node.state} /> : null}
        </Group>
        {choice}
      </Group>
      {node?.state === "gone" ? <Alert color="red">{t("nodes.goneHint")}</Alert> : null}
      <HistoryPlots kind="node" subject={nodeId} plots={NODE_PLOTS} span={span} />
      <Components nodeId={nodeId} />
      {(node?.links ?? []).map(({ to }) => (
        <LinkPlots key={to} from={to} to={nodeId} span={span} />
      ))}
    </Stack>
  );
}

function LinkPlots({ from, to, span }: { from: string; to: string; span: Span }) {
  const { t } = useTranslation();
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("monitoring.linkFrom", { node: from })}
      </Title>
      <HistoryPlots kind="link" subject={`${to}>${from}`} plots={LINK_PLOTS} span={span} />
    </Stack>
  );
}

/** The parts that a node stands on, such as its database, with what is wrong with them. */
function Components({ nodeId }: { nodeId: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["components", nodeId],
    queryFn: () => unwrap(api().GET("/api/v1/nodes/{nodeId}/components", { params: { path: { nodeId } } })),
    refetchInterval: REFETCH_MS,
  });
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("monitoring.components")}
      </Title>
      <TableScroll label={t("monitoring.components")}>
        <Table className="list">
          <Table.Tbody>
            {items.map(({ name, state, latencyMs, detail }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{t(`monitoring.componentNames.${name}`, { defaultValue: name })}</Table.Th>
                <Table.Td>
                  <Badge color={STATE_COLORS[state]} variant="dot">
                    {t(`monitoring.componentStates.${state}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>{latencyMs === null ? "" : t("monitoring.milliseconds", { value: latencyMs.toFixed(1) })}</Table.Td>
                <Table.Td>{componentDetail(detail, t)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </Stack>
  );
}
