/** Shows a node: its state, its machine, its open alarms, and a button to drain it. */
import type { Alarm } from "@lectern/client";
import { Alert, Badge, Button, Group, Paper } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { alarmName } from "../alarms/alarm-name.ts";
import { SeverityBadge } from "../alarms/severity-badge.tsx";
import { MachineBars } from "./machine-bars.tsx";
import type { NodeFigures } from "./node-order.ts";

export type NodeReport = NodeFigures & {
  readonly state: "up" | "draining" | "gone";
  readonly roles: readonly string[];
  readonly version: string;
  readonly http: string;
  readonly rtmp: string;
};

const STATE_COLORS = { up: "green", draining: "yellow", gone: "red" } as const;

/** @param alarms the open ones of the node */
export function NodeCard({ node, alarms }: { readonly node: NodeReport; readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const { id, state, carriers, roles, usedMbps, capacityMbps } = node;
  const line = t("nodes.line", { mbps: Math.round(usedMbps), capacity: capacityMbps });
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <Link href={`/nodes/${encodeURIComponent(id)}`} aria-label={t("monitoring.showPlotsOf", { name: id })}>
          <strong>{id}</strong>
        </Link>
        <NodeState state={state} />
      </Group>
      <p className="text-muted">
        {carriers.join(", ") || t("nodes.allCarriers")} · {roles.join(", ") || t("nodes.allRoles")} · {node.version}
      </p>
      <p className="node-addresses">
        {node.http}
        <br />
        {node.rtmp}
      </p>
      <MachineBars id={id} line={usedMbps / capacityMbps} lineText={line} />
      <p>{t("nodes.connections", { count: node.connections })}</p>
      <NodeAlarms alarms={alarms} />
      {state === "gone" ? null : <DrainButton id={id} action={state === "up" ? "drain" : "undrain"} />}
    </Paper>
  );
}

export function NodeState({ state }: Pick<NodeReport, "state">) {
  const { t } = useTranslation();
  return (
    <Badge color={STATE_COLORS[state]} variant="dot">
      {t(`nodes.states.${state}`)}
    </Badge>
  );
}

function NodeAlarms({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  if (alarms.length === 0) return null;
  return (
    <ul className="node-alarms" aria-label={t("nav.alarms")}>
      {alarms.map((alarm) => (
        <li key={alarm.id}>
          <SeverityBadge severity={alarm.severity} />
          <Link href={`/alarms/${alarm.id}`}>{alarmName(alarm, t)}</Link>
        </li>
      ))}
    </ul>
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
