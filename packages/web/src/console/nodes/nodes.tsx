/** The machines: where they stand, how full they are, the ways between them, and where somebody would be sent. For operators. */
import { Alert, Badge, Button, Group, Paper, Progress, SimpleGrid, Stack, Table, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";

const LOOK_MS = 3000;
/** How full a node is from which on it is shown as filled, and as full: as dispatch sees it. */
const FILLED = 0.7;
const FULL = 0.95;

const allNodes = () => unwrap(api().GET("/api/v1/nodes"));
type Node = Awaited<ReturnType<typeof allNodes>>["items"][number];

export function Nodes() {
  const { t } = useTranslation();
  const read = useQuery({ queryKey: ["nodes"], queryFn: allNodes, refetchInterval: LOOK_MS });
  const nodes = read.data?.items ?? [];
  const regions = [...Map.groupBy(nodes, ({ region }) => region)].sort(([a], [b]) => a.localeCompare(b));
  return (
    <Stack>
      <Title order={1}>{t("nav.nodes")}</Title>
      {regions.map(([region, there]) => (
        <Stack key={region} component="section" gap="xs">
          <Title order={2} size="h4">
            {region || t("nodes.noRegion")}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {there
              .sort((a, b) => a.carriers.join().localeCompare(b.carriers.join()) || a.id.localeCompare(b.id))
              .map((node) => (
                <NodeCard key={node.id} node={node} />
              ))}
          </SimpleGrid>
        </Stack>
      ))}
      <Links nodes={nodes} />
      <WhereTo />
    </Stack>
  );
}

function loadOf({ usedMbps, capacityMbps, connections, maxConnections }: Node): number {
  return Math.max(usedMbps / capacityMbps, connections / maxConnections);
}

function NodeCard({ node }: { node: Node }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [trouble, setTrouble] = useState("");
  const { id, state, carriers, roles } = node;
  const load = loadOf(node);
  const turn = async (): Promise<void> => {
    const path = { params: { path: { nodeId: id } } };
    try {
      if (state === "up") await unwrap(api().POST("/api/v1/nodes/{nodeId}/drain", path));
      else await unwrap(api().POST("/api/v1/nodes/{nodeId}/undrain", path));
      setTrouble("");
    } catch (error) {
      setTrouble(errorMessage(error, t("offline")));
    }
    await client.invalidateQueries({ queryKey: ["nodes"] });
  };
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <strong>{id}</strong>
        <Badge color={state === "up" ? "green" : state === "draining" ? "yellow" : "red"} variant="dot">
          {t(`nodes.states.${state}`)}
        </Badge>
      </Group>
      <p className="text-muted">
        {carriers.join(", ") || t("nodes.allCarriers")} · {roles.join(", ") || t("nodes.allRoles")} · {node.version}
      </p>
      <Progress
        value={Math.min(100, Math.round(load * 100))}
        color={load > FULL ? "red" : load > FILLED ? "yellow" : "blue"}
        aria-label={t("nodes.load", { id })}
      />
      <p>
        {t("nodes.figures", {
          mbps: Math.round(node.usedMbps),
          capacity: node.capacityMbps,
          connections: node.connections,
          cpu: node.cpu.toFixed(1),
        })}
      </p>
      {state === "gone" ? null : (
        <Button
          variant="default"
          size="xs"
          onClick={() => void turn()}
          aria-label={`${t(state === "up" ? "nodes.drain" : "nodes.undrain")}: ${id}`}
        >
          {t(state === "up" ? "nodes.drain" : "nodes.undrain")}
        </Button>
      )}
      {trouble ? <Alert color="red">{trouble}</Alert> : null}
    </Paper>
  );
}

/** Who fetches from whom, and how good the way is. */
function Links({ nodes }: { nodes: readonly Node[] }) {
  const { t } = useTranslation();
  const linked = nodes.filter(({ links }) => links.length > 0);
  const sources = [...new Set(linked.flatMap(({ links }) => links.map(({ to }) => to)))].sort();
  if (sources.length === 0) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("nodes.links")}
      </Title>
      <Table.ScrollContainer minWidth={400}>
        <Table withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("nodes.fetches")}</Table.Th>
              {sources.map((source) => (
                <Table.Th key={source}>{source}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {linked.map(({ id, links }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{id}</Table.Th>
                {sources.map((source) => {
                  const link = links.find(({ to }) => to === source);
                  return (
                    <Table.Td key={source}>
                      {link
                        ? t("nodes.link", {
                            rtt: link.rttMs === null ? "?" : Math.round(link.rttMs),
                            loss: link.lossPercent === null ? "?" : link.lossPercent.toFixed(1),
                            mbps: link.mbps.toFixed(1),
                          })
                        : ""}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

const PARTS = ["carrier", "region", "feed"] as const;
const explained = (stream: string, ip: string) =>
  unwrap(api().GET("/api/v1/dispatch/play", { params: { query: { stream, explain: "1", ...(ip ? { ip } : {}) } } }));

/** Where somebody at an address would be sent, and how that was reckoned. */
function WhereTo() {
  const { t } = useTranslation();
  const [fields, setFields] = useState({ stream: "live/", ip: "" });
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof explained>> | null>(null);
  const [trouble, setTrouble] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    explained(fields.stream, fields.ip.trim()).then(
      (found) => {
        setAnswer(found);
        setTrouble("");
      },
      (error: unknown) => {
        setAnswer(null);
        setTrouble(errorMessage(error, t("offline")));
      },
    );
  };
  const { candidates = [], explanation } = answer ?? {};
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("nodes.whereTo")}
      </Title>
      <form onSubmit={submit}>
        <Group align="end">
          <TextInput
            label={t("fields.stream")}
            value={fields.stream}
            required
            onChange={({ currentTarget: { value } }) => setFields({ ...fields, stream: value })}
          />
          <TextInput
            label={t("nodes.ip")}
            value={fields.ip}
            placeholder="123.125.114.144"
            onChange={({ currentTarget: { value } }) => setFields({ ...fields, ip: value })}
          />
          <Button type="submit">{t("nodes.ask")}</Button>
        </Group>
      </form>
      {trouble ? <Alert color="red">{trouble}</Alert> : null}
      {candidates[0] ? (
        <p role="status">
          {t("nodes.sentTo", { node: candidates[0].node })}
          {explanation ? ` (${[explanation.region, explanation.isp].filter(Boolean).join(", ") || t("nodes.nowhere")})` : ""}
        </p>
      ) : null}
      {explanation ? (
        <Table.ScrollContainer minWidth={480}>
          <Table withTableBorder>
            <Table.Thead>
              <Table.Tr>
                {["node", "verdict", "cost", ...PARTS, "load"].map((column) => (
                  <Table.Th key={column}>{t(`nodes.columns.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {explanation.nodes.map((node) => (
                <Table.Tr key={node.node}>
                  <Table.Th scope="row">{node.node}</Table.Th>
                  <Table.Td>{t([`nodes.verdicts.${node.verdict}`, node.verdict])}</Table.Td>
                  <Table.Td>{node.cost}</Table.Td>
                  {PARTS.map((part) => (
                    <Table.Td key={part}>{node.parts[part]}</Table.Td>
                  ))}
                  <Table.Td>{Math.round(node.load * 100)} %</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Stack>
  );
}
