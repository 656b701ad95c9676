/** Validates objects by the schemas that Kubernetes, the Prometheus Operator and KEDA publish, as the packages of kubernetes-models have compiled them. */
import type { Manifest } from "./kubernetes.ts";

/** Throws where the object on which it is called is not valid. */
type Model = { readonly prototype: { readonly validate: (this: unknown) => void } };

/** Where the classes of kinds are, by API version. */
const MODELS: Readonly<Record<string, string>> = {
  v1: "kubernetes-models/v1",
  "apps/v1": "kubernetes-models/apps/v1",
  "autoscaling/v2": "kubernetes-models/autoscaling/v2",
  "networking.k8s.io/v1": "kubernetes-models/networking.k8s.io/v1",
  "policy/v1": "kubernetes-models/policy/v1",
  "monitoring.coreos.com/v1": "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
  "keda.sh/v1alpha1": "@kubernetes-models/keda/keda.sh/v1alpha1",
};

/**
 * What is wrong with an object. The schemas let keys pass that they do not know, as a server does that prunes them, so a key at which the validation has
 * never looked is wrong, too.
 */
export async function faultsOf(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  const folder = MODELS[apiVersion];
  if (folder === undefined) return [`there is no schema of ${apiVersion}`];
  const { [kind]: model }: { readonly [name: string]: Model } = await import(`${folder}/${kind}`);
  if (!model) return [`there is no schema of ${kind}`];
  const seen = new Set<string>();
  try {
    model.prototype.validate.call(watched(manifest, "", seen));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return pathsOf(manifest, "")
    .filter((path) => !seen.has(path))
    .map((path) => `${path}: there is no such key`);
}

/** A copy that notes each key at which somebody looks. */
function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, key) => {
      if (typeof key === "string") seen.add(`${path}/${key}`);
      return watched(Reflect.get(target, key), `${path}/${String(key)}`, seen);
    },
    // Maps of any keys, such as labels, are gone through.
    ownKeys: (target) => {
      for (const key of Object.keys(target)) seen.add(`${path}/${key}`);
      return Reflect.ownKeys(target);
    },
  });
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...pathsOf(inner, `${path}/${key}`)]);
}
