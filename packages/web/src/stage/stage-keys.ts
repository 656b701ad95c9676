/** Reads the room's answer to `stage key`: what this person may publish, and the link that plays the others. */
import { type Body, isBody, numberOf, textOf } from "@lectern/room";

/** Times are milliseconds since 1970. */
export type StageKeys = {
  readonly publish: { readonly app: string; readonly name: string; readonly key: string; readonly expiresAt: number } | null;
  readonly play: { readonly app: string; readonly prefix: string; readonly query: string; readonly expiresAt: number } | null;
};

export function readStageKeys(answer: Body | undefined): StageKeys {
  return { publish: readPublish(answer?.["publish"]), play: readPlay(answer?.["play"]) };
}

/** The address of a member's stream: small batches, since people talk to each other. */
export function memberAddress({ app, prefix, query }: NonNullable<StageKeys["play"]>, person: string): string {
  return `/${app}/${prefix}${person}.flv${query}&delay=low`;
}

function readPublish(value: unknown): StageKeys["publish"] {
  if (!isBody(value)) return null;
  const [app, name, key] = [textOf(value, "app"), textOf(value, "name"), textOf(value, "key")];
  return app === null || name === null || key === null ? null : { app, name, key, expiresAt: numberOf(value, "expiresAt") ?? 0 };
}

function readPlay(value: unknown): StageKeys["play"] {
  if (!isBody(value)) return null;
  const [app, prefix, query] = [textOf(value, "app"), textOf(value, "prefix"), textOf(value, "query")];
  return app === null || prefix === null || query === null
    ? null
    : { app, prefix, query, expiresAt: numberOf(value, "expiresAt") ?? 0 };
}
