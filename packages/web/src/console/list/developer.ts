/** Decides whether this device's console shows what is for developers, such as "Copy as curl". Chosen beside the API keys. */
import { useSyncExternalStore } from "react";
import { forgetValue, keepValue, keptValue } from "../../session/kept-values.ts";

const KEY = "lectern.console.developer";
const listeners = new Set<() => void>();

export function isDeveloper(): boolean {
  return keptValue("device", KEY) !== null;
}

export function setDeveloper(isOn: boolean): void {
  if (isOn) keepValue("device", KEY, "1");
  else forgetValue("device", KEY);
  for (const listener of listeners) listener();
}

export function useIsDeveloper(): boolean {
  return useSyncExternalStore(listen, isDeveloper);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
