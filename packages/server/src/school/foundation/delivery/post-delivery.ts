/** Posts one delivery to a webhook's URL, signed. */
import { signBody } from "../../../platform/secrets.ts";
import { postGuarded } from "./post-guarded.ts";
import type { DeliveryResult } from "./retry-schedule.ts";

export type Post = {
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly url: string;
  readonly secret: string;
  /** Signs too, while the secret is being rotated. */
  readonly previousSecret?: string | null;
  readonly allowPrivate: boolean;
};

export async function postDelivery(post: Post): Promise<DeliveryResult> {
  const { status, error } = await postGuarded({ ...post, headers: headersOf(post) });
  return { status, error };
}

export function headersOf({ id, event, body, secret, previousSecret }: Omit<Post, "url" | "allowPrivate">) {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Lectern-Webhooks/1",
    "lectern-event": event,
    "lectern-delivery": id,
    "lectern-signature": signBody(body, secret, ...(previousSecret ? [previousSecret] : [])),
  };
}
