/** Builds the overlays of `deploy/kubernetes` by kubectl, and reads what a node of one is configured with, as a kubelet would fill it in. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

export const FOLDER = join(import.meta.dirname, "../deploy/kubernetes");
export const OVERLAYS = ["one-machine", "small", "region"] as const;

type Labels = Readonly<Record<string, string>>;
type Selector = { readonly matchLabels: Labels };

/** Any object; of what is in it, only what these tests look at. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: object;
};

export type Probe = {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
};
export type Port = {
  readonly name: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
};
export type Variable = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
};
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly envFrom: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly ports: readonly Port[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly resources: { readonly requests: Labels; readonly limits: Labels };
};
export type Workload = {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number | null;
  readonly serviceName: string | null;
  readonly selector: Selector;
  readonly labels: Labels;
  readonly claims: readonly string[];
  readonly pod: {
    readonly serviceAccountName: string;
    readonly automountServiceAccountToken: boolean;
    readonly enableServiceLinks: boolean;
    readonly terminationGracePeriodSeconds: number;
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly topologySpreadConstraints?: readonly { readonly topologyKey: string; readonly labelSelector: Selector }[];
    readonly containers: readonly [Container];
    readonly volumes: readonly { readonly name: string; readonly emptyDir?: object; readonly secret?: object }[];
  };
};

type Template = { readonly metadata: { readonly labels: Labels }; readonly spec: Workload["pod"] };
type WorkloadSpec = {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly selector: Selector;
  readonly template: Template;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
};

/** Null: kubectl is missing, or so old that its Kustomize (before version 4) does not know components. */
export function kustomizeVersion(): string | null {
  const { error, stdout } = spawnSync("kubectl", ["version", "--client"], { encoding: "utf8", env: withoutConfiguration() });
  const [, version, major] = error ? [] : (/Kustomize Version: (v(\d+)\S+)/.exec(stdout) ?? []);
  return version !== undefined && Number(major) >= 4 ? version : null;
}

/** @param folder below `deploy/kubernetes`. @throws Error with what kubectl said */
export function built(folder: string): Manifest[] {
  const text = execFileSync("kubectl", ["kustomize", join(FOLDER, folder)], {
    encoding: "utf8",
    env: withoutConfiguration(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as Manifest;
  });
}

/** The StatefulSets and DaemonSets. */
export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => kind === "StatefulSet" || kind === "DaemonSet")
    .map(({ kind, metadata, spec }) => {
      const { replicas = null, serviceName = null, selector, template, volumeClaimTemplates = [] } = spec as WorkloadSpec;
      const claims = volumeClaimTemplates.map((claim) => claim.metadata.name);
      return {
        kind,
        name: metadata.name,
        replicas,
        serviceName,
        selector,
        claims,
        labels: template.metadata.labels,
        pod: template.spec,
      };
    });
}

/** What the downward API would say. */
const FIELDS: Labels = {
  "spec.nodeName": "machine-3",
  "metadata.name": "lectern-0",
  "status.podIP": "10.1.2.3",
  "status.hostIP": "192.0.2.7",
};

/** The variables of the Secret, as its example names them, filled in. */
export function exampleSecrets(): Readonly<Record<string, string>> {
  const text = readFileSync(join(FOLDER, "secrets.example.env"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      const value = line.slice(at + 1).replaceAll("…", "a secret that is long enough");
      return [line.slice(0, at), value === "" ? "a secret that is long enough" : value];
    }),
  );
}

/** The environment of a node's program. @throws Error where a variable stands for another one that is not set before it, as a kubelet would leave it alone */
export function environmentOf(manifests: readonly Manifest[], { pod }: Workload, isClustered: boolean): Record<string, string> {
  const [{ env, envFrom }] = pod.containers;
  const found: Record<string, string> = {};
  for (const { configMapRef, secretRef } of envFrom) {
    const map = manifests.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMapRef?.name);
    if (configMapRef && !map) throw new Error(`there is no ConfigMap ${configMapRef.name}`);
    Object.assign(found, map?.data ?? {}, secretRef ? secretsFor(isClustered) : {});
  }
  for (const { name, value, valueFrom } of env) {
    const field = valueFrom && FIELDS[valueFrom.fieldRef.fieldPath];
    const text = field ?? value ?? "";
    found[name] = text.replace(/\$\((\w+)\)/g, (_, other: string) => {
      const before = found[other];
      if (before === undefined) throw new Error(`${name} stands before ${other}`);
      return before;
    });
  }
  return found;
}

/** One machine has no services that nodes share. */
function secretsFor(isClustered: boolean): Readonly<Record<string, string>> {
  const shared = /^LECTERN_(CLUSTER|DATABASE|STORAGE)_/;
  return Object.fromEntries(Object.entries(exampleSecrets()).filter(([name]) => isClustered || !shared.test(name)));
}

/** No cluster is asked, whatever this machine knows of one. */
function withoutConfiguration(): NodeJS.ProcessEnv {
  return { ...process.env, KUBECONFIG: "/dev/null" };
}
