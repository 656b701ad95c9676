/** Shows operators the nodes by region with their machines and open alarms, the links between them, and a test of dispatch. */
import { SimpleGrid, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DispatchTest } from "./dispatch-test.tsx";
import { FleetMap } from "./fleet-map.tsx";
import { LinkMatrix } from "./link-matrix.tsx";
import { alarmsOfNode } from "./node-alarms.ts";
import { NodeCard } from "./node-card.tsx";
import { byRegion } from "./node-order.ts";

const REFETCH_MS = 3000;

export function Nodes() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["nodes"],
    queryFn: () => unwrap(api().GET("/api/v1/nodes")),
    refetchInterval: REFETCH_MS,
  });
  const alarms = useQuery({
    queryKey: ["alarms", "nodes"],
    queryFn: () => unwrap(api().GET("/api/v1/alarms", { params: { query: { open: true, limit: 200 } } })),
    refetchInterval: REFETCH_MS,
  });
  const nodes = query.data?.items ?? [];
  return (
    <Stack>
      <Title order={1}>{t("nav.nodes")}</Title>
      {nodes.length > 1 ? <FleetMap nodes={nodes} /> : null}
      <div className="node-regions">
        {byRegion(nodes).map(([region, members]) => (
          <Stack key={region} component="section" gap="xs" className={members.length > 1 ? "of-several" : ""}>
            <Title order={2} size="h4">
              {region || t("nodes.noRegion")}
            </Title>
            <SimpleGrid cols={members.length > 1 ? { base: 1, sm: 2, lg: 3 } : 1}>
              {members.map((node) => (
                <NodeCard key={node.id} node={node} alarms={alarmsOfNode(node.id, alarms.data?.items ?? [])} />
              ))}
            </SimpleGrid>
          </Stack>
        ))}
      </div>
      <LinkMatrix nodes={nodes} />
      <DispatchTest />
    </Stack>
  );
}
