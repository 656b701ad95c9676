/** Names the keys of the configuration that are called otherwise now: an old one is refused with its new name. */

const RENAMED: Readonly<Record<string, string>> = {
  "operators.allow": "operators.allowedNetworks",
  places: "geoip",
  "protection.allow": "protection.allowedNetworks",
  "sources.allow": "sources.allowedNetworks",
  "webhooks.private": "webhooks.allowPrivateNetworks",
};

/** @param key such as `webhooks.private`, also one below a renamed group; null: it was not renamed */
export function renamedKey(key: string): string | null {
  const old = Object.keys(RENAMED).find((one) => key === one || key.startsWith(`${one}.`));
  return old === undefined ? null : `${RENAMED[old]}${key.slice(old.length)}`;
}

/** @param name such as `LECTERN_WEBHOOKS_PRIVATE` */
export function renamedVariable(name: string): string | null {
  const plain = name.replaceAll("_", "");
  const old = Object.keys(RENAMED).find((key) => plain.startsWith(`LECTERN${key.replaceAll(".", "").toUpperCase()}`));
  return old === undefined ? null : (RENAMED[old] ?? null);
}
