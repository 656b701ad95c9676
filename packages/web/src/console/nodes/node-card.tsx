/** A node: its state, its load, and a button to drain it. */
import { Alert, Badge, Button, Group, Paper, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { loadLevel, loadOf, type NodeFigures } from "./node-order.ts";

export type NodeReport = NodeFigures & {
  readonly state: "up" | "draining" | "gone";
  readonly roles: readonly string[];
  readonly version: string;
  /** Cores in use. */
  readonly cpu: number;
};

const STATE_COLORS = { up: "green", draining: "yellow", gone: "red" } as const;
const LOAD_COLORS = { normal: "blue", busy: "yellow", full: "red" } as const;

export function NodeCard({ node }: { node: NodeReport }) {
  const { t } = useTranslation();
  const { id, state, carriers, roles } = node;
  const load = loadOf(node);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <Link href={`/nodes/${encodeURIComponent(id)}`} aria-label={t("monitoring.showPlotsOf", { name: id })}>
          <strong>{id}</strong>
        </Link>
        <Badge color={STATE_COLORS[state]} variant="dot">
          {t(`nodes.states.${state}`)}
        </Badge>
      </Group>
      <p className="text-muted">
        {carriers.join(", ") || t("nodes.allCarriers")} · {roles.join(", ") || t("nodes.allRoles")} · {node.version}
      </p>
      <Progress
        value={Math.min(100, Math.round(load * 100))}
        color={LOAD_COLORS[loadLevel(load)]}
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
      {state === "gone" ? null : <DrainButton id={id} action={state === "up" ? "drain" : "undrain"} />}
    </Paper>
  );
}

function DrainButton({ id, action }: { id: string; action: "drain" | "undrain" }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const run = async (): Promise<void> => {
    const path = { params: { path: { nodeId: id } } };
    try {
      if (action === "drain") await unwrap(api().POST("/api/v1/nodes/{nodeId}/drain", path));
      else await unwrap(api().POST("/api/v1/nodes/{nodeId}/undrain", path));
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    await client.invalidateQueries({ queryKey: ["nodes"] });
  };
  const label = t(`nodes.${action}`);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => void run()} aria-label={`${label}: ${id}`}>
        {label}
      </Button>
      {error ? <Alert color="red">{error}</Alert> : null}
    </>
  );
}
